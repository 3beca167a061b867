/**
 * Some refusals print an object the way the server holds it inside: Go's field names, in the order of the Go structs, with
 * everything that is not set. A form lists those fields; what a client sent is laid into it.
 */

/** What stands where nothing is set: text, number, false, or null (pointers, lists, maps). A form: a struct that is always there. */
type Empty = '' | 0 | false | null | Form;
interface FormField {
  /** Go's name. */
  go: string;
  /** The name in JSON and YAML. */
  wire: string;
  empty: Empty;
  /** How a value is laid out; without it, values are printed as they came. */
  form?: Form;
}
export type Form = readonly FormField[];

const field = (go: string, empty: Empty = null, form?: Form, wire = go.charAt(0).toLowerCase() + go.slice(1)) => ({
  go,
  wire,
  empty,
  ...(form ? { form } : {}),
});
const named = (go: string, wire: string, empty: Empty = null, form?: Form) => field(go, empty, form, wire);

export type Wire = Record<string, unknown>;

/** `value` in the order and with the names of `form`. */
export function internalForm(value: Wire, form: Form): Wire {
  const result: Wire = {};
  for (const { go, wire, empty, form: inner } of form) {
    const given = value[wire];
    if (Array.isArray(empty)) result[go] = internalForm((given ?? {}) as Wire, empty as Form);
    else if (given === undefined || given === null) result[go] = empty;
    else if (!inner) result[go] = given;
    else if (Array.isArray(given)) result[go] = given.map((one: Wire) => internalForm(one, inner));
    else result[go] = internalForm(given as Wire, inner);
  }
  return result;
}

/** Go's json.MarshalIndent with one space: as JSON.stringify does, but for three characters and the order of maps' keys. */
export function prettyLines(value: unknown): string[] {
  return JSON.stringify(value, sortedMaps, 1)
    .replaceAll(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`)
    .split('\n');
}
/** Struct fields start with a capital and keep their order; a map of the client's has keys of any kind and is sorted. */
function sortedMaps(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value);
  if (entries.some(([name]) => /^[A-Z]/.test(name))) return value;
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const SECRET: Form = [field('Name', ''), field('Namespace', '')];
const HOST_PATH: Form = [field('Path', ''), field('Type')];
const NFS: Form = [field('Server', ''), field('Path', ''), field('ReadOnly', false)];
const LOCAL: Form = [field('Path', ''), named('FSType', 'fsType')];
const DISK: Form = [named('FSType', 'fsType', ''), field('Partition', 0), field('ReadOnly', false)];
const ISCSI: Form = [
  field('TargetPortal', ''),
  named('IQN', 'iqn', ''),
  field('Lun', 0),
  named('ISCSIInterface', 'iscsiInterface', ''),
  named('FSType', 'fsType', ''),
  field('ReadOnly', false),
  field('Portals'),
  named('DiscoveryCHAPAuth', 'chapAuthDiscovery', false),
  named('SessionCHAPAuth', 'chapAuthSession', false),
  field('SecretRef', null, SECRET),
  field('InitiatorName'),
];
const FC: Form = [
  field('TargetWWNs'),
  field('Lun'),
  named('FSType', 'fsType', ''),
  field('ReadOnly', false),
  named('WWIDs', 'wwids'),
];
const CSI: Form = [
  field('Driver', ''),
  field('VolumeHandle', ''),
  field('ReadOnly', false),
  named('FSType', 'fsType', ''),
  field('VolumeAttributes'),
  field('ControllerPublishSecretRef', null, SECRET),
  field('NodeStageSecretRef', null, SECRET),
  field('NodePublishSecretRef', null, SECRET),
  field('ControllerExpandSecretRef', null, SECRET),
  field('NodeExpandSecretRef', null, SECRET),
];

/** The part of a PersistentVolume's spec that says where the storage is. */
export const VOLUME_SOURCE: Form = [
  named('GCEPersistentDisk', 'gcePersistentDisk', null, [named('PDName', 'pdName', ''), ...DISK]),
  named('AWSElasticBlockStore', 'awsElasticBlockStore', null, [field('VolumeID', ''), ...DISK]),
  field('HostPath', null, HOST_PATH),
  field('Glusterfs'),
  named('NFS', 'nfs', null, NFS),
  named('RBD', 'rbd'),
  field('Quobyte'),
  named('ISCSI', 'iscsi', null, ISCSI),
  field('FlexVolume'),
  field('Cinder'),
  named('CephFS', 'cephfs'),
  named('FC', 'fc', null, FC),
  field('Flocker'),
  field('AzureFile'),
  field('VsphereVolume'),
  field('AzureDisk'),
  field('PhotonPersistentDisk'),
  field('PortworxVolume'),
  field('ScaleIO'),
  field('Local', null, LOCAL),
  named('StorageOS', 'storageos'),
  named('CSI', 'csi', null, CSI),
];

const REFERENCE: Form = [named('APIGroup', 'apiGroup'), field('Kind', ''), field('Name', '')];
export const CLAIM_SPEC: Form = [
  field('AccessModes'),
  field('Selector'),
  field('Resources', [field('Limits'), field('Requests')]),
  field('VolumeName', ''),
  field('StorageClassName'),
  field('VolumeMode'),
  field('DataSource', null, REFERENCE),
  field('DataSourceRef', null, [...REFERENCE, field('Namespace')]),
  field('VolumeAttributesClassName'),
];

const NODE_REQUIREMENT: Form = [field('Key', ''), field('Operator', ''), field('Values')];
const NODE_TERM: Form = [
  field('MatchExpressions', null, NODE_REQUIREMENT),
  field('MatchFields', null, NODE_REQUIREMENT),
];
export const VOLUME_NODE_AFFINITY: Form = [field('Required', null, [field('NodeSelectorTerms', null, NODE_TERM)])];
export const ROLE_REF: Form = [named('APIGroup', 'apiGroup', ''), field('Kind', ''), field('Name', '')];
