/** componentstatuses: asked of the components when somebody wants to know. Neither labels nor other fields select among them. */
import { matches, parseFieldSelector, parseLabelSelector } from '../api/selector.ts';
import { methodNotAllowed, notFoundError } from '../api/status.ts';
import type { KubeObject } from '../api/types.ts';
import { componentRuns } from '../components.ts';
import type { Cluster } from '../cluster.ts';
import type { ResourceInfo } from '../schema/resources.ts';
import type { Call, Reply } from './api.ts';
import { wantedBy } from './negotiate.ts';

/** Name, what it is, and where it says how it is. etcd is well, or nobody would answer at all. */
const COMPONENTS = [
  ['scheduler', 'kube-scheduler', 10259],
  ['controller-manager', 'kube-controller-manager', 10257],
  ['etcd-0', undefined, 0],
] as const;

export const isComponentStatus = ({ group, resource }: ResourceInfo): boolean =>
  group === '' && resource === 'componentstatuses';

function statusOf({ store }: Cluster, [name, component, port]: (typeof COMPONENTS)[number]): KubeObject {
  const well = component === undefined || componentRuns(store, component);
  const message = well
    ? 'ok'
    : `Get "https://127.0.0.1:${port}/healthz": dial tcp 127.0.0.1:${port}: connect: connection refused`;
  const object = {
    apiVersion: 'v1',
    kind: 'ComponentStatus',
    metadata: { name },
    conditions: [{ type: 'Healthy', status: well ? 'True' : 'False', message }],
  };
  return object;
}

export function readComponentStatuses({ cluster, request, info, target }: Call, warnings: string[]): Reply {
  if (info.verb !== 'get' && info.verb !== 'list') throw methodNotAllowed(target.info, info.verb);
  const wanted = wantedBy(request);
  const subject = { target };
  if (info.verb === 'get') {
    const found = COMPONENTS.find(([name]) => name === info.name);
    if (!found) throw notFoundError({ group: '', resource: 'componentstatus' }, info.name);
    return { kind: 'object', code: 200, object: statusOf(cluster, found), wanted, subject, warnings };
  }
  const labels = parseLabelSelector(request.query.get('labelSelector') ?? '');
  const fields = parseFieldSelector(request.query.get('fieldSelector') ?? '');
  const items = COMPONENTS.map((component) => statusOf(cluster, component)).filter(
    ({ metadata }) =>
      matches(labels, {}) &&
      fields.every(({ field, op, value }) => field === 'metadata.name' && (op === '=') === (value === metadata.name)),
  );
  return { kind: 'list', items, metadata: {}, wanted, subject, warnings };
}
