/**
 * Objects as Go's spew prints them with `%#v`, types and all (apimachinery's dump.ForHash): the controller manager names
 * ReplicaSets and revisions by a hash of this text. Objects are taken as they come out of protobuf: what is empty is nil.
 */
import type { Json, JsonObject } from '../api/types.ts';
import { dumpQuantity } from './go-dump-quantity.ts';
import { goStruct, schema, type GoField, type ValueSchema } from './lookup.ts';

/** Go's names of fields that are not the JSON name with a capital letter, in what a pod template can hold. */
const GO_NAMES: Readonly<Record<string, string>> = {
  apiGroup: 'APIGroup',
  apiVersion: 'APIVersion',
  awsElasticBlockStore: 'AWSElasticBlockStore',
  cephfs: 'CephFS',
  chapAuthDiscovery: 'DiscoveryCHAPAuth',
  chapAuthSession: 'SessionCHAPAuth',
  csi: 'CSI',
  diskURI: 'DataDiskURI',
  dnsConfig: 'DNSConfig',
  dnsPolicy: 'DNSPolicy',
  endpoints: 'EndpointsName',
  fc: 'FC',
  fsGroup: 'FSGroup',
  fsGroupChangePolicy: 'FSGroupChangePolicy',
  fsType: 'FSType',
  gcePersistentDisk: 'GCEPersistentDisk',
  gmsaCredentialSpec: 'GMSACredentialSpec',
  gmsaCredentialSpecName: 'GMSACredentialSpecName',
  grpc: 'GRPC',
  httpGet: 'HTTPGet',
  httpHeaders: 'HTTPHeaders',
  ip: 'IP',
  iqn: 'IQN',
  iscsi: 'ISCSI',
  iscsiInterface: 'ISCSIInterface',
  metadata: 'ObjectMeta',
  nfs: 'NFS',
  os: 'OS',
  pdName: 'PDName',
  pool: 'RBDPool',
  rbd: 'RBD',
  seLinuxChangePolicy: 'SELinuxChangePolicy',
  seLinuxOptions: 'SELinuxOptions',
  serviceAccount: 'DeprecatedServiceAccount',
  sslEnabled: 'SSLEnabled',
  storageos: 'StorageOS',
  tcpSocket: 'TCPSocket',
  tty: 'TTY',
  uid: 'UID',
  'v1.RBDVolumeSource.image': 'RBDImage',
  'v1.RBDVolumeSource.monitors': 'CephMonitors',
  'v1.RBDVolumeSource.user': 'RadosUser',
  wwids: 'WWIDs',
};

const goName = (struct: string, field: string): string =>
  GO_NAMES[`${struct}.${field}`] ?? GO_NAMES[field] ?? field.charAt(0).toUpperCase() + field.slice(1);

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const byBytes = ([a]: [string, Json], [b]: [string, Json]): number => (a < b ? -1 : Number(a > b));

/** A value without its type; undefined: Go's zero value of something that is no pointer, list or map. */
function bare(value: Json | undefined, of: ValueSchema): string {
  if (of.ref !== undefined) return structText(value, of.ref);
  if (of.items) {
    const items = of.items;
    return `[${(Array.isArray(value) ? value : []).map((item) => bare(item, items)).join(' ')}]`;
  }
  if (of.map) {
    const values = of.map;
    const entries = Object.entries(isObject(value) ? value : {}).toSorted(byBytes);
    return `map[${entries.map(([key, part]) => `${key}:${bare(part, values)}`).join(' ')}]`;
  }
  if (typeof value === 'object' || value === undefined) {
    if (of.type === 'boolean') return 'false';
    return of.type === 'string' ? '' : '0';
  }
  return String(value);
}

function structText(value: Json | undefined, ref: string): string {
  switch (ref.slice(ref.lastIndexOf('.') + 1)) {
    case 'Quantity':
      return dumpQuantity(typeof value === 'string' ? value : undefined);
    case 'IntOrString': {
      const text = typeof value === 'string' ? value : '';
      const number = typeof value === 'number' ? value : 0;
      return `{Type:(intstr.Type)${typeof value === 'string' ? 1 : 0} IntVal:(int32)${number} StrVal:(string)${text}}`;
    }
    case 'Time':
      // a template was never created
      return '{Time:(time.Time){wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}}';
    default:
      return fieldsText(isObject(value) ? value : {}, ref);
  }
}

function fieldsText(object: JsonObject, ref: string): string {
  const struct = goStruct(ref);
  const shapes = schema(ref).fields;
  if (!struct || !shapes) throw new Error(`${ref} is not a struct`);
  let text = '';
  let open: readonly string[] = [];
  for (const field of struct.fields) {
    const { embedded } = field;
    const shared = embedded.findIndex((name, depth) => open[depth] !== name);
    const kept = shared < 0 ? embedded.length : shared;
    text += '}'.repeat(Math.max(0, open.length - kept));
    if (text !== '' && !text.endsWith('{')) text += ' ';
    for (const name of embedded.slice(kept)) text += `${name}:(v1.${name}){`;
    text += `${goName(struct.name, field.name)}:${typed(object[field.name], field, shapes[field.name] ?? {})}`;
    open = embedded;
  }
  return `{${text}${'}'.repeat(open.length)}}`;
}

function typed(value: Json | undefined, { type, pointer }: GoField, of: ValueSchema): string {
  const full = `(${pointer ? '*' : ''}${type})`;
  const nothing = value === undefined || value === null;
  const isEmpty = of.items
    ? !Array.isArray(value) || value.length === 0
    : of.map && Object.keys(value ?? {}).length === 0;
  if ((pointer && nothing) || isEmpty === true) return `${full}<nil>`;
  return full + bare(value, of);
}

/** @throws Error for a schema that Go has no struct for */
export const goDump = (value: JsonObject, schemaName: string): string =>
  `(${goStruct(schemaName)?.name})${structText(value, schemaName)}`;
