/** What the API server says about itself: discovery, OpenAPI, version, health. */
import { noSuchPath } from '../api/status.ts';
import {
  AGGREGATED_DISCOVERY,
  aggregatedDiscovery,
  apiGroup,
  apiGroupList,
  apiResourceList,
  apiVersions,
  versionInfo,
} from '../schema/discovery/discovery.ts';
import { OPENAPI_V2_PROTOBUF, OPENAPI_V2_PROTOBUF_ANSWER, openApiV2, openApiV2Protobuf } from '../schema/openapi/v2.ts';
import { openApiV3, openApiV3Index } from '../schema/openapi/v3.ts';
import { resources } from '../schema/resources.ts';
import type { ApiRequest, Reply } from './api.ts';
import { negotiate } from './negotiate.ts';

const HEALTH = /^\/(?:healthz|livez|readyz)(?:\/|$)/;
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
  if ((path === '/api' || path === '/apis') && negotiate(headers['accept']).as === 'APIGroupDiscoveryList') {
    return json(JSON.stringify(aggregatedDiscovery(path === '/api' ? 'api' : 'apis', resources)), AGGREGATED_DISCOVERY);
  }
  if (path === '/version') return json(JSON.stringify(versionInfo));
  if (HEALTH.test(path)) return { kind: 'bytes', code: 200, contentType: 'text/plain; charset=utf-8', bytes: 'ok' };
  if (path === '/openapi/v2') {
    return (headers['accept'] ?? '').includes(OPENAPI_V2_PROTOBUF)
      ? json(openApiV2Protobuf(), OPENAPI_V2_PROTOBUF_ANSWER)
      : json(openApiV2().body);
  }
  if (path === '/openapi/v3') return json(JSON.stringify(openApiV3Index()));
  if (path.startsWith('/openapi/v3/')) {
    const document = openApiV3(path.slice('/openapi/v3/'.length));
    if (!document) throw noSuchPath();
    return json(document.body);
  }
  const found = plainDiscovery(path, headers['host'] ?? '');
  if (!found) throw noSuchPath();
  return json(JSON.stringify(found));
}

function plainDiscovery(path: string, serverAddress: string): object | undefined {
  const [, root, first, second, ...rest] = path.split('/');
  if (rest.length > 0) return undefined;
  if (root === 'api') {
    if (first === undefined) return apiVersions(serverAddress);
    return second === undefined ? apiResourceList(resources, '', first) : undefined;
  }
  if (root !== 'apis') return undefined;
  if (first === undefined) return apiGroupList(resources);
  return second === undefined ? apiGroup(resources, first) : apiResourceList(resources, first, second);
}
