/** Getting a container's image onto the node: presence, pulls that take their time, and pulls that fail. */
import type { Container, ContainerStatus, Node } from '../api/types.ts';
import { durationText } from '../api/durations.ts';
import { lookUpImage, pullTime, type Image } from './images.ts';
import { isDue, keyOf, lookAgainAt, tell, type ContainerRole, type Pull, type Work } from './work.ts';

/** Milliseconds. A registry says "not found" at once; the first back-off is shown a little after the error. */
const MISSING_TIME = 400;
const ERROR_SHOWN = 2000;
const BACKOFF_FIRST = 10_000;
const BACKOFF_LAST = 300_000;
const NEVER_PULL_RETRY = 10_000;
/** Looking whether the registry still has the image that is here already. */
const REVALIDATION = 100;

type Waiting = NonNullable<NonNullable<ContainerStatus['state']>['waiting']>;
export type Pulled = { image: Image } | { waiting: Waiting } | 'later';

export const isPresent = (node: Node, image: Image): boolean =>
  (node.status?.images ?? []).some((one) => one.names?.includes(image.reference));

/** The image when it is there, what to wait for when it is not, `later` while a pull goes on. */
export function pull(work: Work, container: Container, role: ContainerRole): Pulled {
  const name = container.image ?? '';
  const at = { role, name: container.name };
  const looked = lookUpImage(name);
  if (looked.kind === 'invalid') {
    if (isDue(work, `${container.name}|invalid ${name}`)) {
      tell(work, 'Warning', 'InspectFailed', looked.message, at);
      tell(work, 'Warning', 'Failed', 'Error: InvalidImageName', at);
    }
    return { waiting: { reason: 'InvalidImageName', message: looked.message } };
  }
  const here = looked.kind === 'found' && isPresent(work.node, looked.image);
  const policy = container.imagePullPolicy ?? 'IfNotPresent';
  if (policy === 'Never' && !here) {
    const message = `Container image "${name}" is not present with pull policy of Never`;
    if (isDue(work, `${container.name}|never ${name}`, NEVER_PULL_RETRY)) {
      tell(work, 'Warning', 'ErrImageNeverPull', message, at);
      tell(work, 'Warning', 'Failed', 'Error: ErrImageNeverPull', at);
    }
    lookAgainAt(work, work.now + NEVER_PULL_RETRY);
    return { waiting: { reason: 'ErrImageNeverPull', message } };
  }
  if (here && policy !== 'Always') {
    const message = `Container image "${name}" already present on machine and can be accessed by the pod`;
    tell(work, 'Normal', 'Pulled', message, at);
    return { image: looked.image };
  }
  return attempt(work, container, role, looked, here);
}

function attempt(
  work: Work,
  container: Container,
  role: ContainerRole,
  looked: Exclude<ReturnType<typeof lookUpImage>, { kind: 'invalid' }>,
  here: boolean,
): Pulled {
  const { now, memory } = work;
  const at = { role, name: container.name };
  const name = container.image ?? '';
  const key = `${keyOf(work, container)}|${name}`;
  const known = memory.pulls.get(key);
  if (known?.failed !== undefined && now < known.failed.retryAt) return backOff(work, container, role, known);
  if (known === undefined || known.done || known.failed !== undefined) {
    const time = looked.kind === 'missing' ? MISSING_TIME : here ? REVALIDATION : pullTime(looked.image);
    memory.pulls.set(key, { startedAt: now, until: now + time, failures: known?.failures ?? 0, done: false });
    tell(work, 'Normal', 'Pulling', `Pulling image "${name}"`, at);
    lookAgainAt(work, now + time);
    return 'later';
  }
  if (now < known.until) {
    lookAgainAt(work, known.until);
    return 'later';
  }
  if (looked.kind === 'missing') {
    const wait = Math.min(BACKOFF_FIRST * 2 ** known.failures, BACKOFF_LAST);
    const failed = { message: looked.message, at: now, retryAt: now + wait };
    memory.pulls.set(key, { ...known, failures: known.failures + 1, failed });
    tell(work, 'Warning', 'Failed', `Failed to pull image "${name}": ${looked.message}`, at);
    tell(work, 'Warning', 'Failed', 'Error: ErrImagePull', at);
    lookAgainAt(work, now + ERROR_SHOWN);
    return { waiting: { reason: 'ErrImagePull', message: looked.message } };
  }
  memory.pulls.set(key, { ...known, failures: 0, done: true });
  const took = durationText(known.until - known.startedAt);
  const size = `Image size: ${looked.image.bytes} bytes.`;
  tell(
    work,
    'Normal',
    'Pulled',
    `Successfully pulled image "${name}" in ${took} (${took} including waiting). ${size}`,
    at,
  );
  if (!here) remember(work, looked.image);
  return { image: looked.image };
}

function backOff(work: Work, container: Container, role: ContainerRole, { failed, failures }: Pull): Pulled {
  if (failed === undefined) return 'later';
  const at = { role, name: container.name };
  const message = failed.message;
  if (work.now < failed.at + ERROR_SHOWN) {
    lookAgainAt(work, failed.at + ERROR_SHOWN);
    return { waiting: { reason: 'ErrImagePull', message } };
  }
  lookAgainAt(work, failed.retryAt);
  const said = `Back-off pulling image "${container.image}"`;
  if (isDue(work, `${container.name}|pull back-off ${failures} ${container.image}`)) {
    tell(work, 'Normal', 'BackOff', said, at);
    tell(work, 'Warning', 'Failed', 'Error: ImagePullBackOff', at);
  }
  return { waiting: { reason: 'ImagePullBackOff', message: `${said}: ErrImagePull: ${message}` } };
}

/** The node lists the image from now on. */
function remember(work: Work, image: Image): void {
  const { client } = work.context;
  const node = client.get<Node>('nodes', '', work.node.metadata.name);
  if (node === undefined) return;
  const names = [`${image.repository}@${image.digest}`, image.reference];
  const images = [{ names, sizeBytes: image.bytes }, ...(node.status?.images ?? [])];
  work.node = client.updateStatus<Node>('nodes', {
    ...node,
    status: { ...node.status, images: images.toSorted((a, b) => (b.sizeBytes ?? 0) - (a.sizeBytes ?? 0)) },
  });
}
