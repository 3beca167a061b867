/**
 * What a server says it serves: the aggregated documents that kubectl reads in one request, and the plain ones of older clients.
 * All take the list of resources, so that CustomResourceDefinitions can add theirs. Pure: bodies, no HTTP.
 */
import { createHash } from 'node:crypto';
import { kindSchema } from '../openapi/schema-facts.ts';
import { groupVersion, type ResourceInfo, resources as builtIn, type SubresourceInfo } from '../resources.ts';

type Kind = SubresourceInfo['kind'];

export interface APIResourceDiscovery {
  resource: string;
  responseKind: Kind;
  scope: 'Namespaced' | 'Cluster';
  singularResource: string;
  verbs: string[];
  shortNames?: string[];
  categories?: string[];
  subresources?: { subresource: string; responseKind: Kind; verbs: string[] }[];
}

export interface APIGroupDiscoveryList {
  kind: 'APIGroupDiscoveryList';
  apiVersion: 'apidiscovery.k8s.io/v2';
  metadata: Record<string, never>;
  items: {
    metadata: { name?: string };
    versions: { version: string; resources: APIResourceDiscovery[]; freshness: 'Current' }[];
  }[];
}

interface VersionOfGroup {
  groupVersion: string;
  version: string;
}

export interface APIGroup {
  name: string;
  versions: VersionOfGroup[];
  preferredVersion: VersionOfGroup;
}

export interface APIResource {
  name: string;
  singularName: string;
  namespaced: boolean;
  group?: string;
  version?: string;
  kind: string;
  verbs: string[];
  shortNames?: string[];
  categories?: string[];
  storageVersionHash?: string;
}

/** The body of /api (`api`, the core group) or /apis, for clients that accept APIGroupDiscoveryList. */
export function aggregatedDiscovery(root: 'api' | 'apis', resources: readonly ResourceInfo[]): APIGroupDiscoveryList {
  const groups = groupsOf(resources).filter(({ name }) => (name === '') === (root === 'api'));
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map(({ name, versions }) => ({
      metadata: name === '' ? {} : { name },
      versions: versions.map(({ version, resources }) => ({
        version,
        resources: resources.map(aggregated),
        freshness: 'Current',
      })),
    })),
  };
}

function aggregated(info: ResourceInfo): APIResourceDiscovery {
  // Kubernetes' own kinds are left without group and version, those of definitions carry both.
  const own = isBuiltIn(info) ? { group: '', version: '' } : { group: info.group, version: info.version };
  return {
    resource: info.resource,
    responseKind: { ...own, kind: info.kind },
    scope: info.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: info.singular,
    verbs: info.verbs,
    ...names(info),
    ...(info.subresources.length === 0
      ? {}
      : {
          subresources: info.subresources.map(({ name, kind, verbs }) => ({
            subresource: name,
            responseKind: kind.version === '' ? { ...own, kind: kind.kind } : kind,
            verbs,
          })),
        }),
  };
}

const isBuiltIn = ({ group, version, kind }: ResourceInfo) => kindSchema(group, version, kind) !== undefined;

const names = ({ shortNames, categories }: ResourceInfo) => ({
  ...(shortNames.length === 0 ? {} : { shortNames }),
  ...(categories.length === 0 ? {} : { categories }),
});

/** The body of /api. @param serverAddress host and port, as clients outside reach the server */
export const apiVersions = (serverAddress: string) => ({
  kind: 'APIVersions',
  versions: ['v1'],
  serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }],
});

/** The body of /apis. */
export const apiGroupList = (resources: readonly ResourceInfo[]) => ({
  kind: 'APIGroupList',
  apiVersion: 'v1',
  groups: groupsOf(resources)
    .filter(({ name }) => name !== '')
    .map(asGroup),
});

/** The body of /apis/<group>; undefined: no such group. */
export function apiGroup(
  resources: readonly ResourceInfo[],
  group: string,
): ({ kind: 'APIGroup'; apiVersion: 'v1' } & APIGroup) | undefined {
  const found = groupsOf(resources).find(({ name }) => name !== '' && name === group);
  return found && { kind: 'APIGroup', apiVersion: 'v1', ...asGroup(found) };
}

function asGroup({ name, versions }: Group): APIGroup {
  const list = versions.map(({ version }) => ({ groupVersion: groupVersion({ group: name, version }), version }));
  const [preferredVersion = { groupVersion: '', version: '' }] = list;
  return { name, versions: list, preferredVersion };
}

/** The body of /api/v1 (group '') or /apis/<group>/<version>; undefined: not served. */
export function apiResourceList(resources: readonly ResourceInfo[], group: string, version: string) {
  const here = resources.filter((info) => info.group === group && info.version === version);
  if (here.length === 0) return undefined;
  return {
    kind: 'APIResourceList',
    // Only named groups say their version: the core group's list is older than that.
    ...(group === '' ? {} : { apiVersion: 'v1' }),
    groupVersion: groupVersion({ group, version }),
    resources: here.flatMap((info) => [plain(info), ...info.subresources.map((sub) => plainSubresource(info, sub))]),
  };
}

function plain(info: ResourceInfo): APIResource {
  const hash = storageVersionHash(info);
  return {
    name: info.resource,
    singularName: info.singular,
    namespaced: info.namespaced,
    kind: info.kind,
    verbs: info.verbs,
    ...names(info),
    ...(hash === undefined ? {} : { storageVersionHash: hash }),
  };
}

const plainSubresource = (info: ResourceInfo, { name, kind, verbs }: SubresourceInfo): APIResource => ({
  name: `${info.resource}/${name}`,
  singularName: '',
  namespaced: info.namespaced,
  ...(kind.version === '' ? {} : { group: kind.group, version: kind.version }),
  kind: kind.kind,
  verbs,
});

/** Kinds that etcd keeps under another group or version than they are served in. */
const STORED_AS: Record<string, string> = {
  'autoscaling/v1/HorizontalPodAutoscaler': 'autoscaling/v2/HorizontalPodAutoscaler',
  'events.k8s.io/v1/Event': '/v1/Event',
  'storage.k8s.io/v1/VolumeAttributesClass': 'storage.k8s.io/v1beta1/VolumeAttributesClass',
  'apiextensions.k8s.io/v1/CustomResourceDefinition': 'apiextensions.k8s.io/v1beta1/CustomResourceDefinition',
};

/** Tells clients that two resources are the same objects. undefined for what is not stored: reviews, bindings, component statuses. */
function storageVersionHash({ group, version, kind, verbs }: ResourceInfo): string | undefined {
  if (!verbs.includes('watch')) return undefined;
  const served = `${group}/${version}/${kind}`;
  return createHash('sha256')
    .update(STORED_AS[served] ?? served)
    .digest()
    .subarray(0, 8)
    .toString('base64');
}

interface Group {
  name: string;
  versions: { version: string; resources: ResourceInfo[] }[];
}

const builtInOrder = new Map<string, number>();
for (const { group } of builtIn) if (!builtInOrder.has(group)) builtInOrder.set(group, builtInOrder.size);

/** Kubernetes' own groups as listed, others after them by name. Versions as listed, those of definitions by age and number. */
function groupsOf(resources: readonly ResourceInfo[]): Group[] {
  const groups = new Map<string, Group>();
  for (const info of resources) {
    const group = groups.get(info.group) ?? { name: info.group, versions: [] };
    groups.set(info.group, group);
    const version = group.versions.find((one) => one.version === info.version);
    if (version) version.resources.push(info);
    else group.versions.push({ version: info.version, resources: [info] });
  }
  for (const group of groups.values())
    if (!builtInOrder.has(group.name)) group.versions.sort((a, b) => compareVersions(a.version, b.version));
  const rank = (group: Group) => builtInOrder.get(group.name) ?? builtInOrder.size;
  return [...groups.values()].sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}

const STAGES: Record<string, number> = { '': 2, beta: 1, alpha: 0 };

/** v2, v1, v2beta1, v1beta2, v1alpha1, and then the rest by name. Below zero: `a` comes first. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version));
  if (!left || !right) return left ? -1 : right ? 1 : a < b ? -1 : a > b ? 1 : 0;
  const order = (match: RegExpExecArray) => [STAGES[match[2] ?? ''] ?? 0, Number(match[1]), Number(match[3] ?? 0)];
  const [x, y] = [order(left), order(right)];
  const differs = x.findIndex((value, at) => value !== y[at]);
  return differs < 0 ? 0 : (y[differs] ?? 0) - (x[differs] ?? 0);
}

/** The body of /version. */
export const versionInfo = {
  major: '1',
  minor: '35',
  emulationMajor: '1',
  emulationMinor: '35',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '34',
  gitVersion: 'v1.35.4',
  gitCommit: '$Format:%H$',
  gitTreeState: '',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: 'go1.26.8',
  compiler: 'gc',
  platform: 'linux/amd64',
};
