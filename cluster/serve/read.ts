/** The verbs that change nothing: get, list, watch. */
import { badRequest, StatusError } from '../api/status.ts';
import type { KubeObject } from '../api/types.ts';
import type { Call, Reply, Subject } from './api.ts';
import { isTrue, listOptions, resourceVersionProblem } from './list-options.ts';
import { list, tooLarge } from './list.ts';
import { CUSTOM_RESOURCES, negotiateStream, wantedBy } from './negotiate.ts';
import { watch } from './watch.ts';

/** Refuses a version that cannot be, or is still to come. Any earlier one is met by what there is now. @throws StatusError */
function checkVersion(query: URLSearchParams, revision: number): void {
  const version = query.get('resourceVersion') ?? '';
  const problem = resourceVersionProblem(version);
  // the real server forgets to give this one a reason
  if (problem !== undefined) throw new StatusError({ message: problem, code: 500 });
  if (Number(version) > revision) throw tooLarge(version, revision);
}

export function get({ cluster, request, info, target }: Call, namespace: string): KubeObject {
  const { query } = request;
  const exported = query.get('export');
  if (exported !== null && isTrue(exported)) {
    throw badRequest('the export parameter, deprecated since v1.14, is no longer supported');
  }
  checkVersion(query, cluster.store.revision);
  return cluster.registry.get(target, namespace, info.name);
}

export function listOrWatch(call: Call, namespace: string, warnings: string[]): Reply {
  const { cluster, request, info, target } = call;
  const { query } = request;
  const watches = info.verb === 'watch';
  const options = listOptions(query, watches);
  const wanted = target.custom ? wantedBy(request, CUSTOM_RESOURCES) : wantedBy(request);
  const subject: Subject = { target };
  const store = cluster.registry.store(target);
  if (!watches) return { kind: 'list', ...list(store, target, namespace, options), wanted, subject, warnings };
  const started = watch(store, target, namespace, info.name, options);
  return {
    kind: 'watch',
    watch: started,
    wanted: negotiateStream(request.headers['accept']),
    subject,
    query,
    warnings,
  };
}
