/** What the API server says about itself: discovery, OpenAPI, version, health. */
import { noSuchPath } from '../api/status.ts';
import { aggregatedDiscovery, AGGREGATED_CONTENT_TYPE, plainDiscovery, version } from '../schema/discovery/index.ts';
import { openApiV2, openApiV2Protobuf, openApiV3, openApiV3Index } from '../schema/openapi/index.ts';
import { resources } from '../schema/resources.ts';
import type { ApiRequest, Reply } from './api.ts';
import { negotiate } from './negotiate.ts';

const HEALTH = /^\/(?:healthz|livez|readyz)(?:\/|$)/;
const OPENAPI_V2_PROTOBUF = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';

/** Large documents change never in a cluster's life: serialised once. */
const cache = new Map<string, string | Uint8Array>();
function cached(key: string, make: () => unknown): string | Uint8Array {
  let bytes = cache.get(key);
  if (bytes === undefined) {
    const value = make();
    bytes = value instanceof Uint8Array ? value : JSON.stringify(value);
    cache.set(key, bytes);
  }
  return bytes;
}

const json = (bytes: string | Uint8Array, contentType = 'application/json'): Reply => ({
  kind: 'bytes',
  code: 200,
  contentType,
  bytes,
});

export function documents(request: ApiRequest): Reply {
  const { headers, method } = request;
  const path = request.path.length > 1 ? request.path.replace(/\/$/, '') : request.path;
  if (method !== 'GET' && method !== 'HEAD') throw noSuchPath();
  if (path === '/api' || path === '/apis') {
    const root = path === '/api' ? 'api' : 'apis';
    if (negotiate(headers['accept']).as === 'APIGroupDiscoveryList') {
      return json(
        cached(`aggregated ${root}`, () => aggregatedDiscovery(root, resources)),
        AGGREGATED_CONTENT_TYPE,
      );
    }
  }
  if (path === '/version') return json(JSON.stringify(version()));
  if (HEALTH.test(path)) return { kind: 'bytes', code: 200, contentType: 'text/plain; charset=utf-8', bytes: 'ok' };
  if (path === '/openapi/v2') {
    if ((headers['accept'] ?? '').includes('protobuf')) {
      return json(
        cached('openapi v2 protobuf', () => openApiV2Protobuf()),
        OPENAPI_V2_PROTOBUF,
      );
    }
    return json(cached('openapi v2', () => openApiV2()));
  }
  if (path === '/openapi/v3') return json(cached('openapi v3', () => openApiV3Index()));
  if (path.startsWith('/openapi/v3/')) {
    const document = cached(path, () => openApiV3(path.slice('/openapi/v3/'.length)) ?? null);
    if (document !== 'null') return json(document);
    throw noSuchPath();
  }
  const found = plainDiscovery(path, resources);
  if (!found) throw noSuchPath();
  return json(JSON.stringify(found));
}
