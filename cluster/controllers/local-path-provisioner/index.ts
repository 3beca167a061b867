/**
 * Makes volumes for classes with the provisioner rancher.io/local-path: a directory on the node that the pod goes to. Part
 * of clusters that come with such a class; a control plane alone has no provisioner.
 */
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from '../../api/types.ts';
import { namespacedKey, splitKey, type Again, type Controller, type ControllerContext } from '../controller.ts';
import {
  classOfClaim,
  PROVISIONED_BY,
  PROVISIONER_ANNOTATIONS,
  referenceTo,
  SELECTED_NODE,
} from '../../storage/matching.ts';

const PROVISIONER = 'rancher.io/local-path';
const COMPONENT = `${PROVISIONER}_local-path-provisioner`;
const FOLDER = '/opt/local-path-provisioner';
const MODES = ['ReadWriteOnce', 'ReadWriteOncePod'];
/** Milliseconds between attempts for a claim that can't be served. */
const RETRY_MS = 15 * 1000;
const VOLUME = 'volume ';

/** Why the claim can't be served as it is. */
function problem(claim: PersistentVolumeClaim, node: string | undefined): string | undefined {
  if (claim.spec?.selector) return 'claim.Spec.Selector is not supported';
  if (!(claim.spec?.accessModes ?? []).every((mode) => MODES.includes(mode))) {
    return 'NodePath only supports ReadWriteOnce and ReadWriteOncePod (1.22+) access modes';
  }
  return node === undefined ? 'configuration error, no node was specified' : undefined;
}

function volumeFor(claim: PersistentVolumeClaim, storageClass: StorageClass, node: string): PersistentVolume {
  const { uid = '', namespace = '', name } = claim.metadata;
  const storage = claim.spec?.resources?.requests?.['storage'] ?? '0';
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: {
      name: `pvc-${uid}`,
      annotations: { 'local.path.provisioner/selected-node': node, [PROVISIONED_BY]: PROVISIONER },
    },
    spec: {
      accessModes: [...(claim.spec?.accessModes ?? [])],
      capacity: { storage },
      claimRef: referenceTo(claim),
      hostPath: { path: `${FOLDER}/pvc-${uid}_${namespace}_${name}`, type: 'DirectoryOrCreate' },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [node] }] },
          ],
        },
      },
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? 'Delete',
      storageClassName: storageClass.metadata.name,
      volumeMode: 'Filesystem',
    },
  };
}

function provision(claim: PersistentVolumeClaim, { client, events }: ControllerContext): Again {
  const storageClass = client.get<StorageClass>('storageclasses.storage.k8s.io', '', classOfClaim(claim));
  const [, annotation] = PROVISIONER_ANNOTATIONS;
  const ours = claim.metadata.annotations?.[annotation] === PROVISIONER;
  if (!storageClass || !ours || claim.spec?.volumeName || claim.metadata.deletionTimestamp) return undefined;
  const node = claim.metadata.annotations?.[SELECTED_NODE];
  if (storageClass.volumeBindingMode === 'WaitForFirstConsumer' && node === undefined) return undefined;
  const uid = claim.metadata.uid ?? '';
  if (client.get('persistentvolumes', '', `pvc-${uid}`)) return undefined;
  const tell = (type: 'Normal' | 'Warning', reason: string, message: string) =>
    events.event(COMPONENT, { regarding: claim, type, reason, message });
  const key = JSON.stringify(namespacedKey(claim));
  tell('Normal', 'Provisioning', `External provisioner is provisioning volume for claim ${key}`);
  const why = problem(claim, node);
  if (node === undefined || why !== undefined) {
    const name = JSON.stringify(storageClass.metadata.name);
    tell('Warning', 'ProvisioningFailed', `failed to provision volume with StorageClass ${name}: ${why ?? ''}`);
    return { afterMs: RETRY_MS };
  }
  tell('Normal', 'ProvisioningSucceeded', `Successfully provisioned volume pvc-${uid}`);
  client.create('persistentvolumes', volumeFor(claim, storageClass, node));
  return undefined;
}

export const localPathProvisioner: Controller = {
  name: 'local-path-provisioner',
  user: 'system:serviceaccount:local-path-storage:local-path-provisioner-service-account',
  watches: {
    persistentvolumeclaims: ({ type, object }) => (type === 'DELETED' ? [] : [namespacedKey(object)]),
    persistentvolumes: ({ type, object }) =>
      type !== 'DELETED' && object.metadata.annotations?.[PROVISIONED_BY] === PROVISIONER
        ? [VOLUME + object.metadata.name]
        : [],
  },
  reconcile(key, context) {
    const { client } = context;
    if (!key.startsWith(VOLUME)) {
      const { namespace, name } = splitKey(key);
      const claim = client.get<PersistentVolumeClaim>('persistentvolumeclaims', namespace, name);
      return claim && provision(claim, context);
    }
    const volume = client.get<PersistentVolume>('persistentvolumes', '', key.slice(VOLUME.length));
    const unused = volume?.status?.phase === 'Released' && !volume.metadata.deletionTimestamp;
    if (unused && volume.spec?.persistentVolumeReclaimPolicy === 'Delete') {
      client.delete('persistentvolumes', '', volume.metadata.name);
    }
    return undefined;
  },
};
