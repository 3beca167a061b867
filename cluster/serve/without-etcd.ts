/**
 * What becomes of a request while etcd does not answer, as measured with a real 1.35 API server whose etcd was killed: reads hang for
 * a minute and then break off, writes are told after 34 s that they timed out. When etcd is back in time, they go on.
 */
import { constants } from 'node:http2';
import type { Http2ServerResponse } from 'node:http2';
import type { ServerResponse } from 'node:http';
import { StatusError } from '../api/status.ts';
import type { ApiRequest } from './api.ts';
import type { Serving } from './http.ts';
import { requestInfo } from './request-info.ts';

/** Milliseconds. */
const READ = 60_000;
const WRITE = 34_000;
const LOOK = 250;

/** Paths that name no object are answered out of the server's own memory. */
export const needsEtcd = ({ method, path, query }: ApiRequest): boolean => requestInfo(method, path, query).isResource;

/** Whether to go on; false: the request has been ended. @throws StatusError */
export async function waitForEtcd(
  { cluster, driver }: Serving,
  { method }: ApiRequest,
  response: ServerResponse,
): Promise<boolean> {
  const reads = method === 'GET' || method === 'HEAD';
  const until = Date.now() + (reads ? READ : WRITE);
  while (cluster.api === 'no-etcd' && Date.now() < until) {
    await new Promise((resolve) => {
      setTimeout(resolve, LOOK);
    });
    if (response.destroyed) return false;
    driver.catchUp();
  }
  if (cluster.api === 'serves') return true;
  if (!reads) {
    throw new StatusError({
      message: 'Timeout: request did not complete within requested timeout - context deadline exceeded',
      reason: 'Timeout',
      details: {},
      code: 504,
    });
  }
  const { stream } = response as unknown as Partial<Http2ServerResponse>;
  if (stream) stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  else response.destroy();
  return false;
}
