/** pods/binding: the scheduler's (or anyone's) word on which node a pod runs. */
import { notSupported, path, printFieldError, required, type FieldError } from '../../api/field.ts';
import { broken } from '../../api/patch/errors.ts';
import { badRequest, conflict, notFoundError } from '../../api/status.ts';
import type { KubeObject, Pod } from '../../api/types.ts';
import { timeText } from '../../api/time.ts';
import type { Backend, RequestContext, Target } from '../context.ts';
import { settleNamespace } from '../create.ts';

/** Go writes a time that was never set as null. */
const NEVER = null as unknown as string;

interface Binding extends KubeObject {
  target?: { kind?: string; name?: string };
}

function validate({ target }: Binding): FieldError[] {
  const { kind = '', name = '' } = target ?? {};
  return [
    ...(kind === '' || kind === 'Node' ? [] : [notSupported(path('target', 'kind'), kind, ['Node', '<empty>'])]),
    ...(name === '' ? [required(path('target', 'name'))] : []),
  ];
}

/** Who binds may say which pod and which version of it is meant. @throws StatusError Conflict in etcd's words */
function checkPreconditions({ info }: Target, { metadata }: Pod, wanted: KubeObject['metadata']): void {
  const failed = (what: string, asked: string, is: string | undefined) =>
    conflict(
      info,
      metadata.name,
      `StorageError: invalid object, Code: 4, Key: /registry/pods/${metadata.namespace}/${metadata.name}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: ${what} in precondition: ${asked}, ${what} in object meta: ${is}`,
    );
  const { uid, resourceVersion } = wanted;
  if (uid && uid !== metadata.uid) throw failed('UID', uid, metadata.uid);
  if (resourceVersion && resourceVersion !== metadata.resourceVersion) {
    throw failed('ResourceVersion', resourceVersion, metadata.resourceVersion);
  }
}

export function bind(
  backend: Backend,
  target: Target,
  namespace: string,
  name: string,
  body: KubeObject,
  context: RequestContext,
): undefined {
  const { store, clock } = backend;
  settleNamespace(target, body, namespace);
  if (body.metadata.name !== name) throw badRequest('name in URL does not match name in Binding object');
  const problems = validate(body);
  if (problems.length > 0) {
    // the real server does not say that it is the client's fault
    const sentences = problems.map(printFieldError);
    throw broken(sentences.length === 1 ? (sentences[0] ?? '') : `[${sentences.join(', ')}]`);
  }
  const old = store.get<Pod>(target.name, namespace, name);
  if (!old) throw notFoundError(target.info, name);
  checkPreconditions(target, old, body.metadata);
  const refuse = (why: string) => conflict({ group: '', resource: 'pods/binding' }, name, `pod ${name} ${why}`);
  if (old.metadata.deletionTimestamp) throw refuse('is being deleted, cannot be assigned to a host');
  if (old.spec?.nodeName) throw refuse(`is already assigned to node ${JSON.stringify(old.spec.nodeName)}`);
  if ((old.spec?.schedulingGates ?? []).length > 0) throw refuse('has non-empty .spec.schedulingGates');
  if (context.dryRun) return undefined;
  // all that stays is shared with the stored pod
  const pod: Pod = { ...old, metadata: { ...old.metadata } };
  const others = (pod.status?.conditions ?? []).filter((condition) => condition.type !== 'PodScheduled');
  pod.spec = { containers: [], ...pod.spec, nodeName: (body as Binding).target?.name ?? '' };
  for (const field of ['labels', 'annotations'] as const) {
    if (body.metadata[field]) pod.metadata[field] = { ...pod.metadata[field], ...body.metadata[field] };
  }
  // a nomination is over once the pod has its node
  const { nominatedNodeName: _over, ...status } = pod.status ?? {};
  pod.status = {
    ...status,
    conditions: [
      ...others,
      { type: 'PodScheduled', status: 'True', lastProbeTime: NEVER, lastTransitionTime: timeText(clock.now()) },
    ],
  };
  store.put(target.name, pod);
  return undefined;
}
