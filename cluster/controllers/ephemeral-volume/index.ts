/** Makes the claims of generic ephemeral volumes: each belongs to its pod and goes with it. */
import { StatusError } from '../../api/status.ts';
import type { PersistentVolumeClaim, Pod, Volume } from '../../api/types.ts';
import { namespacedKey, splitKey, type Controller, type ControllerContext } from '../controller.ts';

const COMPONENT = 'ephemeral_volume';
const CLAIMS = 'persistentvolumeclaims';

const hasEphemeral = (pod: Pod): boolean => (pod.spec?.volumes ?? []).some(({ ephemeral }) => ephemeral !== undefined);

export const ephemeralVolume: Controller = {
  name: 'ephemeral-volume-controller',
  watches: {
    pods: ({ type, object }) => (type === 'ADDED' && hasEphemeral(object) ? [namespacedKey(object)] : []),
    // a claim that goes while its pod is still there is made anew
    [CLAIMS]: ({ type, object }) =>
      type === 'DELETED'
        ? (object.metadata.ownerReferences ?? [])
            .filter(({ kind, controller }) => kind === 'Pod' && controller)
            .map(({ name }) => `${object.metadata.namespace}/${name}`)
        : [],
  },
  reconcile(key, context) {
    const { namespace, name } = splitKey(key);
    const pod = context.client.get<Pod>('pods', namespace, name);
    if (!pod || pod.metadata.deletionTimestamp !== undefined) return;
    for (const volume of pod.spec?.volumes ?? []) claimFor(pod, volume, context);
  },
};

function claimFor(pod: Pod, volume: Volume, { client, events }: ControllerContext): void {
  const template = volume.ephemeral?.volumeClaimTemplate;
  if (!template) return;
  const { namespace = '', uid = '' } = pod.metadata;
  const name = `${pod.metadata.name}-${volume.name}`;
  const problem = (message: string) =>
    events.event(COMPONENT, {
      regarding: pod,
      type: 'Warning',
      reason: 'FailedBinding',
      message: `ephemeral volume ${volume.name}: ${message}`,
    });
  const found = client.get<PersistentVolumeClaim>(CLAIMS, namespace, name);
  if (found) {
    const ours = found.metadata.ownerReferences?.some((owner) => owner.uid === uid && owner.controller);
    if (!ours) {
      problem(`PVC ${namespace}/${name} was not created for pod ${namespace}/${pod.metadata.name} (pod is not owner)`);
    }
    return;
  }
  const { annotations, labels } = template.metadata ?? {};
  try {
    client.create<PersistentVolumeClaim>(CLAIMS, {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {
        name,
        namespace,
        ...(annotations ? { annotations } : {}),
        ...(labels ? { labels } : {}),
        ownerReferences: [
          {
            apiVersion: 'v1',
            kind: 'Pod',
            name: pod.metadata.name,
            uid,
            controller: true,
            blockOwnerDeletion: true,
          },
        ],
      },
      spec: structuredClone(template.spec),
    });
  } catch (error) {
    // told, and tried again after a backoff
    if (error instanceof StatusError) problem(`create PVC ${name}: ${error.message}`);
    throw error;
  }
}
