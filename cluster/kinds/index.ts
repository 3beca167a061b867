/** All kinds that have something special about them, sorted by resource name. Others are served from the schema facts alone. */
import type { ResourceName } from '../store/client.ts';
import { daemonSet } from './apps/daemon-set/index.ts';
import { deployment } from './apps/deployment/index.ts';
import { replicaSet } from './apps/replica-set/index.ts';
import { componentStatus } from './core/component-status/index.ts';
import { configMap } from './core/config-map/index.ts';
import { endpoints } from './core/endpoints/index.ts';
import { limitRange } from './core/limit-range/index.ts';
import { namespace } from './core/namespace/index.ts';
import { node } from './core/node/index.ts';
import { persistentVolume } from './core/persistent-volume/index.ts';
import { persistentVolumeClaim } from './core/persistent-volume-claim/index.ts';
import { pod } from './core/pod/index.ts';
import { resourceQuota } from './core/resource-quota/index.ts';
import { secret } from './core/secret/index.ts';
import { serviceAccount } from './core/service-account/index.ts';
import { service } from './core/service/index.ts';
import type { Kind } from './kind.ts';
import { priorityClass } from './scheduling/priority-class.ts';
import { storageClass } from './storage/storage-class.ts';

/** A kind's hooks are only ever called with objects of that kind: the map's key is what guarantees it. */
const list = [
  componentStatus,
  configMap,
  endpoints,
  limitRange,
  namespace,
  node,
  persistentVolume,
  persistentVolumeClaim,
  pod,
  resourceQuota,
  secret,
  serviceAccount,
  service,
  daemonSet,
  deployment,
  replicaSet,
  priorityClass,
  storageClass,
] as unknown as readonly Kind[];

export const kinds: ReadonlyMap<ResourceName, Kind> = new Map(list.map((kind) => [kind.resource, kind]));
