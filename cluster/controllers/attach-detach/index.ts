/**
 * Asks for the volumes of CSI drivers to be attached to the nodes where pods want them, by VolumeAttachments that the driver's own
 * attacher answers. Nobody answers for a driver that is not installed: that is told every two minutes. The key is always the same:
 * all volumes are looked at together.
 */
import { createHash } from 'node:crypto';
import { isTerminal } from '../../api/pods.ts';
import type { KubeObject, Node, PersistentVolume, PersistentVolumeClaim, Pod } from '../../api/types.ts';
import type { Reader } from '../../store/client.ts';
import type { Again, Change, Controller, ControllerContext } from '../controller.ts';

const COMPONENT = 'attachdetach-controller';
const ATTACHMENTS = 'volumeattachments.storage.k8s.io';
/** Set by kubelets that leave attaching to this controller. */
const MANAGED = 'volumes.kubernetes.io/controller-managed-attach-detach';
/** Milliseconds that an attacher may take. */
const PATIENCE_MS = 2 * 60 * 1000;
const ALL = 'all';

interface VolumeAttachment extends KubeObject {
  spec: { attacher: string; nodeName: string; source: { persistentVolumeName?: string } };
  status?: { attached: boolean };
}
interface CsiDriver extends KubeObject {
  spec?: { attachRequired?: boolean };
}

/** A volume on a node, and the pods there that want it. */
interface Wanted {
  name: string;
  volume: PersistentVolume;
  node: string;
  pods: Pod[];
}

/** What has been told of an attachment, by its uid: lost with the process, as the real controller's memory is. */
interface Memory {
  attached: Set<string>;
  refused: Set<string>;
  /** Milliseconds since 1970. */
  failsAt: Map<string, number>;
}
const memories = new WeakMap<ControllerContext, Memory>();
function memoryOf(context: ControllerContext): Memory {
  const known = memories.get(context) ?? { attached: new Set(), refused: new Set(), failsAt: new Map() };
  memories.set(context, known);
  return known;
}

const claimsOf = ({ metadata, spec }: Pod): string[] =>
  (spec?.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }) =>
    persistentVolumeClaim ? [persistentVolumeClaim.claimName] : ephemeral ? [`${metadata.name}-${name}`] : [],
  );

const podChanged = ({ type, object, old }: Change): readonly string[] => {
  const pod: Pod = object;
  if (claimsOf(pod).length === 0) return [];
  const before: Pod | undefined = old;
  const same = before?.spec?.nodeName === pod.spec?.nodeName && isTerminal(before ?? pod) === isTerminal(pod);
  return type === 'MODIFIED' && same ? [] : [ALL];
};
const isCsi = (object: KubeObject): boolean => (object as PersistentVolume).spec?.csi !== undefined;

function attachmentName({ spec }: PersistentVolume, node: string): string {
  const text = `${spec?.csi?.volumeHandle ?? ''}${spec?.csi?.driver ?? ''}${node}`;
  return `csi-${createHash('sha256').update(text).digest('hex')}`;
}

function volumeOf(reader: Reader, namespace: string, claimName: string): PersistentVolume | undefined {
  const claim = reader.get<PersistentVolumeClaim>('persistentvolumeclaims', namespace, claimName);
  const volume = reader.get<PersistentVolume>('persistentvolumes', '', claim?.spec?.volumeName ?? '');
  const driver = volume?.spec?.csi?.driver;
  if (!volume || driver === undefined || volume.spec?.claimRef?.uid !== claim?.metadata.uid) return undefined;
  const known = reader.get<CsiDriver>('csidrivers.storage.k8s.io', '', driver);
  return known?.spec?.attachRequired === false ? undefined : volume;
}

function wantedNow(reader: Reader): Map<string, Wanted> {
  const wanted = new Map<string, Wanted>();
  for (const pod of reader.list<Pod>('pods')) {
    const node = pod.spec?.nodeName;
    if (!node || isTerminal(pod)) continue;
    if (reader.get<Node>('nodes', '', node)?.metadata.annotations?.[MANAGED] !== 'true') continue;
    for (const claim of claimsOf(pod)) {
      const volume = volumeOf(reader, pod.metadata.namespace ?? '', claim);
      if (!volume) continue;
      const name = attachmentName(volume, node);
      const known = wanted.get(name);
      if (known) known.pods.push(pod);
      else wanted.set(name, { name, volume, node, pods: [pod] });
    }
  }
  return wanted;
}

const isShared = ({ spec }: PersistentVolume): boolean =>
  (spec?.accessModes ?? []).some((mode) => mode === 'ReadWriteMany' || mode === 'ReadOnlyMany');

function tell(pods: readonly Pod[], type: 'Normal' | 'Warning', message: string, { events }: ControllerContext): void {
  const reason = type === 'Normal' ? 'SuccessfulAttachVolume' : 'FailedAttachVolume';
  for (const regarding of pods) events.event(COMPONENT, { regarding, type, reason, message });
}

/** Another node has it, and it can only be on one. */
function refuse({ name, volume, pods }: Wanted, others: readonly Wanted[], context: ControllerContext): void {
  const { refused } = memoryOf(context);
  if (refused.has(name)) return;
  refused.add(name);
  const head = `Multi-Attach error for volume ${JSON.stringify(volume.metadata.name)}`;
  const users = others.flatMap((other) => other.pods);
  for (const pod of pods) {
    const here = users.filter(({ metadata }) => metadata.namespace === pod.metadata.namespace);
    const elsewhere = users.length - here.length;
    const names = here.map(({ metadata }) => metadata.name).join(', ');
    const why =
      users.length === 0
        ? "Volume is already exclusively attached to one node and can't be attached to another"
        : here.length === 0
          ? `Volume is already used by ${elsewhere} pod(s) in different namespaces`
          : `Volume is already used by pod(s) ${names}${elsewhere > 0 ? ` and ${elsewhere} pod(s) in different namespaces` : ''}`;
    tell([pod], 'Warning', `${head} ${why}`, context);
  }
}

function attach({ name, volume, node }: Wanted, { client }: ControllerContext): void {
  client.create<VolumeAttachment>(ATTACHMENTS, {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'VolumeAttachment',
    metadata: { name },
    spec: {
      attacher: volume.spec?.csi?.driver ?? '',
      nodeName: node,
      source: { persistentVolumeName: volume.metadata.name },
    },
  });
}

const deviceName = ({ spec }: PersistentVolume): string =>
  `kubernetes.io/csi/${spec?.csi?.driver ?? ''}^${spec?.csi?.volumeHandle ?? ''}`;

/** Which volumes the nodes have, as their status shows it. */
function report(attached: readonly Wanted[], { client }: ControllerContext): void {
  for (const node of client.list<Node>('nodes')) {
    const devices = attached
      .filter((one) => one.node === node.metadata.name)
      .map(({ volume }) => ({ name: deviceName(volume), devicePath: '' }));
    const shown = node.status?.volumesAttached ?? [];
    if (shown.length === devices.length && shown.every(({ name }, index) => name === devices[index]?.name)) continue;
    const { volumesAttached: _, ...status } = node.status ?? {};
    client.updateStatus('nodes', {
      ...node,
      status: devices.length === 0 ? status : { ...status, volumesAttached: devices },
    });
  }
}

/** Waits for the attacher. Returns when to look again, in milliseconds since 1970. */
function wait(one: Wanted, attachment: VolumeAttachment, context: ControllerContext): number {
  const { failsAt } = memoryOf(context);
  const now = context.clock.now();
  const known = failsAt.get(attachment.metadata.name) ?? now + PATIENCE_MS;
  if (now < known) {
    failsAt.set(attachment.metadata.name, known);
    return known;
  }
  const { driver, volumeHandle } = one.volume.spec?.csi ?? {};
  const why = `timed out waiting for external-attacher of ${driver} CSI driver to attach volume ${volumeHandle}`;
  const head = `AttachVolume.Attach failed for volume ${JSON.stringify(one.volume.metadata.name)}`;
  tell(one.pods, 'Warning', `${head} : ${why}`, context);
  failsAt.set(attachment.metadata.name, now + PATIENCE_MS);
  return now + PATIENCE_MS;
}

function reconcile(_key: string, context: ControllerContext): Again {
  const { client, clock } = context;
  const present = client.list<VolumeAttachment>(ATTACHMENTS);
  const anyCsi = client.list<PersistentVolume>('persistentvolumes').some(isCsi);
  if (!anyCsi && present.length === 0) return undefined;
  const memory = memoryOf(context);
  const wanted = wantedNow(client);
  for (const { metadata, spec } of present) {
    // others' attachments are named otherwise
    const volume = client.get<PersistentVolume>('persistentvolumes', '', spec.source.persistentVolumeName ?? '');
    const ours = !volume || attachmentName(volume, spec.nodeName) === metadata.name;
    if (!ours || wanted.has(metadata.name) || metadata.deletionTimestamp) continue;
    memory.attached.delete(metadata.name);
    memory.failsAt.delete(metadata.name);
    client.delete(ATTACHMENTS, '', metadata.name);
  }
  const looks: number[] = [];
  const attached: Wanted[] = [];
  for (const one of wanted.values()) {
    const attachment = client.get<VolumeAttachment>(ATTACHMENTS, '', one.name);
    const others = [...wanted.values()].filter(
      (other) => other !== one && other.volume === one.volume && client.get(ATTACHMENTS, '', other.name),
    );
    if (!attachment && others.length > 0 && !isShared(one.volume)) {
      const taken = others.some(
        (other) => client.get<VolumeAttachment>(ATTACHMENTS, '', other.name)?.status?.attached === true,
      );
      if (taken) refuse(one, others, context);
    } else if (!attachment) {
      memory.refused.delete(one.name);
      attach(one, context);
    } else if (attachment.status?.attached === true) {
      attached.push(one);
      memory.failsAt.delete(one.name);
      if (memory.attached.has(one.name)) continue;
      memory.attached.add(one.name);
      tell(
        one.pods,
        'Normal',
        `AttachVolume.Attach succeeded for volume ${JSON.stringify(one.volume.metadata.name)} `,
        context,
      );
    } else looks.push(wait(one, attachment, context));
  }
  report(attached, context);
  return looks.length === 0 ? undefined : { afterMs: Math.max(Math.min(...looks) - clock.now(), 1) };
}

export const attachDetach: Controller = {
  name: COMPONENT,
  user: 'system:serviceaccount:kube-system:attachdetach-controller',
  watches: {
    pods: podChanged,
    persistentvolumes: ({ object }) => (isCsi(object) ? [ALL] : []),
    [ATTACHMENTS]: () => [ALL],
  },
  reconcile,
};
