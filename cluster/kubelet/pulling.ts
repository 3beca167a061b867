/** Getting a container's image onto the node: presence, pulls that take their time, and pulls that fail. */
import { durationText } from '../api/durations.ts';
import type { Container, Node } from '../api/types.ts';
import type { Image } from './images/image.ts';
import { lookUpImage, pullTime } from './images/lookup.ts';
import { nowOf, tell, type Course, type Made, type Waiting, type Work } from './work.ts';

/** Milliseconds. A registry says "not found" at once. */
const MISSING_TIME = 40;
/** Looking whether the registry still has the image that is here already. */
const REVALIDATION = 100;
const BACKOFF_FIRST = 10_000;
const BACKOFF_LAST = 300_000;

export type Pulled = { image: Image } | { waiting: Waiting };

/** The node lists its images without what Docker Hub's names leave out. */
export const isPresent = (node: Node, image: Image): boolean =>
  (node.status?.images ?? []).some((one) => one.names?.includes(image.reference));

const currentNode = (work: Work): Node =>
  work.context.client.get<Node>('nodes', '', work.node.metadata.name) ?? work.node;

/** The image once it is there, or why it is not. */
export function* pull(work: Work, container: Container, at: Pick<Made, 'role' | 'name'>): Course<Pulled> {
  const name = container.image ?? '';
  const looked = lookUpImage(name);
  if (looked.kind === 'invalid') {
    tell(work, 'Warning', 'InspectFailed', looked.message, at);
    return { waiting: { reason: 'InvalidImageName', message: looked.message } };
  }
  const here = looked.kind === 'found' && isPresent(currentNode(work), looked.image);
  const policy = container.imagePullPolicy ?? 'IfNotPresent';
  if (policy === 'Never' && !here) {
    const message = `Container image "${name}" is not present with pull policy of Never`;
    tell(work, 'Warning', 'ErrImageNeverPull', message, at);
    return { waiting: { reason: 'ErrImageNeverPull', message } };
  }
  if (here && policy !== 'Always') {
    const message = `Container image "${name}" already present on machine and can be accessed by the pod`;
    tell(work, 'Normal', 'Pulled', message, at);
    return { image: looked.image };
  }
  const { pulls } = work.life;
  const known = pulls.get(name);
  if (known !== undefined && nowOf(work) - known.at < known.ms) {
    const said = `Back-off pulling image "${name}"`;
    tell(work, 'Normal', 'BackOff', said, at);
    return { waiting: { reason: 'ImagePullBackOff', message: `${said}: ErrImagePull: ${known.message}` } };
  }
  tell(work, 'Normal', 'Pulling', `Pulling image "${name}"`, at);
  const time = looked.kind === 'missing' ? MISSING_TIME : here ? REVALIDATION : pullTime(looked.image);
  const end = nowOf(work) + time;
  while (nowOf(work) < end) yield { until: end };
  if (looked.kind === 'missing') {
    const ms = known === undefined ? BACKOFF_FIRST : Math.min(known.ms * 2, BACKOFF_LAST);
    pulls.set(name, { ms, at: nowOf(work), message: looked.message });
    tell(work, 'Warning', 'Failed', `Failed to pull image "${name}": ${looked.message}`, at);
    return { waiting: { reason: 'ErrImagePull', message: looked.message } };
  }
  pulls.delete(name);
  const took = durationText(time);
  const size = `Image size: ${looked.image.bytes} bytes.`;
  const message = `Successfully pulled image "${name}" in ${took} (${took} including waiting). ${size}`;
  tell(work, 'Normal', 'Pulled', message, at);
  if (!here) list(work, looked.image);
  return { image: looked.image };
}

/** The node lists the image from now on. */
function list(work: Work, image: Image): void {
  const { client } = work.context;
  const node = client.get<Node>('nodes', '', work.node.metadata.name);
  if (node === undefined || isPresent(node, image)) return;
  const names = [`${image.repository}@${image.digest}`, image.reference];
  const images = [{ names, sizeBytes: image.bytes }, ...(node.status?.images ?? [])];
  client.updateStatus<Node>('nodes', {
    ...node,
    status: { ...node.status, images: images.toSorted((a, b) => (b.sizeBytes ?? 0) - (a.sizeBytes ?? 0)) },
  });
}
