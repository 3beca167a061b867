/** What the API server says about itself: discovery, OpenAPI, version, health, the keys of its tokens. */
import { createHash } from 'node:crypto';
import type { Endpoints, JsonObject } from '../api/types.ts';
import type { Cluster } from '../cluster.ts';
import { customResources } from '../custom-resources/index.ts';
import {
  aggregatedDiscovery,
  apiGroup,
  apiGroupList,
  apiResourceList,
  apiVersions,
  versionInfo,
} from '../schema/discovery/discovery.ts';
import { OPENAPI_V2_PROTOBUF, OPENAPI_V2_PROTOBUF_ANSWER, openApiV2, openApiV2Protobuf } from '../schema/openapi/v2.ts';
import { openApiV3, openApiV3Index } from '../schema/openapi/v3.ts';
import type { ResourceInfo } from '../schema/resources.ts';
import type { ApiRequest, Reply } from './api.ts';
import { encodeDocument } from './encode.ts';
import { health, HEALTH_CHECKS } from './health.ts';
import { servedResources } from './metrics-api.ts';
import { healthMetrics, metrics, METRICS_TYPE } from './metrics.ts';
import { DISCOVERY, PLAIN, wantedBy } from './negotiate.ts';
import { checkAccept, noMethod, noRoute } from './route.ts';

type Bytes = Extract<Reply, { kind: 'bytes' }>;

const plainText = (code: number, bytes: string): Bytes => ({
  kind: 'bytes',
  code,
  contentType: 'text/plain; charset=utf-8',
  bytes,
  headers: { 'x-content-type-options': 'nosniff' },
});

/** What is not there and below no API group. */
const notFoundPage = () => plainText(404, '404 page not found\n');
const empty = (code: number, headers: Record<string, string> = {}): Bytes => ({
  kind: 'bytes',
  code,
  contentType: '',
  bytes: '',
  headers,
});

const json = (value: object, headers: Record<string, string> = {}, contentType = 'application/json'): Bytes => ({
  kind: 'bytes',
  code: 200,
  contentType,
  bytes: JSON.stringify(value),
  headers,
});

const YEAR = 'public, immutable';

/** Documents that a client keeps: known by their hash. */
function kept(
  { headers }: ApiRequest,
  body: Uint8Array | string,
  { contentType, hash, cacheControl, vary }: { contentType: string; hash: string; cacheControl?: string; vary: string },
): Bytes {
  const told = { etag: `"${hash}"`, vary, ...(cacheControl === undefined ? {} : { 'cache-control': cacheControl }) };
  const known = (headers['if-none-match'] ?? '').split(',').map((one) => one.trim().replace(/^W\//, ''));
  if (known.includes(told.etag) || known.includes('*')) return empty(304, told);
  return { kind: 'bytes', code: 200, contentType, bytes: body, headers: { 'accept-ranges': 'bytes', ...told } };
}

const accepts = (header: string | undefined, ...types: string[]): string | undefined => {
  if (!header) return types[0];
  const asked = header.split(',').map((one) => one.split(';', 1)[0]?.trim() ?? '');
  return asked.flatMap((one) => types.filter((type) => one === type || one === '*/*' || one === 'application/*'))[0];
};

type Custom = ReturnType<typeof customResources>['kinds'];

function openApi(request: ApiRequest, path: string, custom: Custom): Bytes {
  const { headers, query } = request;
  if (path === '/openapi/v2') {
    // some clients name the type with an @, which is no type that a parser takes
    const type = accepts(headers['accept'], 'application/json', OPENAPI_V2_PROTOBUF, OPENAPI_V2_PROTOBUF_ANSWER);
    const vary = 'Accept-Encoding, Accept';
    if (type === undefined) return empty(406, { vary });
    const { body, hash } = openApiV2(custom);
    return type === 'application/json'
      ? kept(request, body, { contentType: type, hash, vary })
      : kept(request, openApiV2Protobuf(custom), { contentType: OPENAPI_V2_PROTOBUF_ANSWER, hash, vary });
  }
  if (path === '/openapi/v3') {
    return { ...json(openApiV3Index(custom), { 'accept-ranges': 'bytes' }), contentType: 'text/plain; charset=utf-8' };
  }
  const document = openApiV3(path.slice('/openapi/v3/'.length), custom);
  if (!document) return empty(404);
  if (accepts(headers['accept'], 'application/json') === undefined) return empty(406, { vary: 'Accept' });
  const { body, hash } = document;
  const asked = query.get('hash') ?? '';
  if (asked !== '' && asked !== hash) {
    return {
      ...empty(301, { etag: `"${hash}"`, vary: 'Accept', location: `${path}?hash=${hash}` }),
      contentType: 'application/json',
    };
  }
  const forever = asked === '' ? {} : { cacheControl: YEAR };
  return kept(request, body, { contentType: 'application/json', hash, vary: 'Accept', ...forever });
}

const isApi = (path: string): boolean => /^\/apis?(?:\/|$)/.test(path);

/** Where the API server says it is, whatever a client calls it. */
function externalAddress({ store }: Cluster): string {
  const subset = store.get<Endpoints>('endpoints', 'default', 'kubernetes')?.subsets?.[0];
  return `${subset?.addresses?.[0]?.ip ?? ''}:${subset?.ports?.[0]?.port ?? ''}`;
}

function discovery(cluster: Cluster, request: ApiRequest, path: string, resources: readonly ResourceInfo[]): Bytes {
  const { headers, method } = request;
  const found = plainDiscovery(path, externalAddress(cluster), resources);
  if (!found) {
    const [, root, group] = path.split('/');
    // below a group that there is, the group's own router answers
    if (root === 'apis' && (group === undefined || !apiGroup(resources, group))) return notFoundPage();
    throw noRoute();
  }
  if (method !== 'GET') throw noMethod();
  const whole = path === '/api' || path === '/apis';
  if (whole && (headers['accept'] ?? '').includes('as=')) {
    const wanted = wantedBy(request, DISCOVERY);
    if (wanted.as === 'APIGroupDiscoveryList') {
      const list = aggregatedDiscovery(path === '/api' ? 'api' : 'apis', resources);
      const { contentType, bytes } = encodeDocument(list as unknown as JsonObject, wanted);
      const hash = createHash('sha512').update(JSON.stringify(list)).digest('hex').toUpperCase();
      return kept(request, bytes, {
        contentType: `${contentType};g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList`,
        hash,
        cacheControl: 'public',
        vary: 'Accept',
      });
    }
  }
  checkAccept(headers['accept']);
  const { contentType, bytes } = encodeDocument(found as JsonObject, wantedBy(request, PLAIN));
  return { kind: 'bytes', code: 200, contentType, bytes };
}

function plainDiscovery(path: string, serverAddress: string, resources: readonly ResourceInfo[]): object | undefined {
  const [, root, first, second, ...rest] = path.split('/');
  if (rest.length > 0) return undefined;
  if (root === 'api') {
    if (first === undefined) return apiVersions(serverAddress);
    return second === undefined ? apiResourceList(resources, '', first) : undefined;
  }
  if (first === undefined) return apiGroupList(resources);
  return second === undefined ? apiGroup(resources, first) : apiResourceList(resources, first, second);
}

/** Everything that is served beside resources, as `GET /` lists it. */
function paths(resources: readonly ResourceInfo[], custom: Custom): string[] {
  const groups = resources.filter(({ group }) => group !== '');
  const checks = Object.entries(HEALTH_CHECKS).flatMap(([endpoint, names]) => [
    `/${endpoint}`,
    ...names.map((name) => `/${endpoint}/${name}`),
  ]);
  const own = new Set(
    [...resources, ...custom.map(({ info }) => info)].map(({ group, version }) => `${group}/${version}`),
  );
  return [
    '/.well-known/openid-configuration',
    '/api',
    '/api/v1',
    '/apis',
    '/apis/',
    ...new Set(groups.map(({ group }) => `/apis/${group}`)),
    ...Array.from(own)
      .filter((one) => !one.startsWith('/'))
      .map((one) => `/apis/${one}`),
    ...checks,
    '/metrics',
    '/metrics/slis',
    '/openapi/v2',
    '/openapi/v3',
    '/openapi/v3/',
    '/openid/v1/jwks',
    '/version',
  ].sort();
}

const ISSUER = 'https://kubernetes.default.svc.cluster.local';
const HOUR = 'public, max-age=3600';

/** @throws StatusError */
export function documents(cluster: Cluster, request: ApiRequest): Reply {
  const resources = servedResources(cluster);
  const { kinds: custom } = customResources(cluster.store);
  const { method } = request;
  if (isApi(request.path) && !request.path.includes('//'))
    return discovery(cluster, request, request.path.replace(/(.)\/$/, '$1'), resources);
  const path = request.path === '/version/' ? '/version' : request.path;
  const healthy = health(path, request.query, cluster.api === 'serves');
  if (healthy) return healthy;
  if (path.startsWith('/openapi/v3/') || path === '/openapi/v2' || path === '/openapi/v3') {
    return openApi(request, path, custom);
  }
  switch (path) {
    case '/':
      return { ...json({}), bytes: pretty({ paths: paths(resources, custom) }) };
    case '/version':
      if (method !== 'GET') throw noMethod();
      return { ...json({}), bytes: pretty(versionInfo) };
    case '/metrics':
      return { kind: 'bytes', code: 200, contentType: METRICS_TYPE, bytes: metrics(cluster) };
    case '/metrics/slis':
      return { kind: 'bytes', code: 200, contentType: METRICS_TYPE, bytes: healthMetrics() };
    case '/.well-known/openid-configuration':
      return json(
        {
          issuer: ISSUER,
          jwks_uri: `https://${externalAddress(cluster)}/openid/v1/jwks`,
          response_types_supported: ['id_token'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['ES256'],
        },
        { 'cache-control': HOUR },
      );
    case '/openid/v1/jwks':
      return json(cluster.registry.backend.tokens.keys, { 'cache-control': HOUR }, 'application/jwk-set+json');
    default:
      return notFoundPage();
  }
}

/** These are written for people whoever asks. */
const pretty = (value: object): string => JSON.stringify(value, null, 2);

/** The page for what the router would not even look at: a group that there is not. */
export function refuseUnlessKnown(path: string, resources: readonly ResourceInfo[]): Reply | undefined {
  const [, root, group = ''] = path.split('/');
  return root === '' || (root === 'apis' && !resources.some((one) => one.group === group)) ? notFoundPage() : undefined;
}
