/** Recordings over HTTP, for the learner whose session or attempt it is: server/sessions/recording.ts says which paths and what they give. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { App } from '../handle.ts';
import { RECORDING_NAME } from './recordings.ts';

const PATH = /^\/recordings\/([0-9a-f]{1,64})(?:\/([^/]+)\.cast)?$/;

/** False for a path that is none of these; then nothing was answered. */
export async function serveRecordings(app: App, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  const [, id, name] = PATH.exec((request.url ?? '').split('?')[0] ?? '') ?? [];
  if (id === undefined) return false;
  response.setHeader('Cache-Control', 'no-store');
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
    return true;
  }
  const { recordings } = app.live;
  if (!(await owns(app, app.localUserId, id))) return notFound(response);
  if (name === undefined) {
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    response.end(JSON.stringify({ recordings: await recordings.list(id), off: !recordings.settings.on }));
    return true;
  }
  if (!RECORDING_NAME.test(name)) return notFound(response);
  const file = recordings.fileOf(id, name);
  const size = await stat(file).then(
    (found) => found.size,
    () => undefined,
  );
  if (size === undefined) return notFound(response);
  response.setHeader('Content-Type', 'application/x-asciicast; charset=utf-8');
  response.setHeader('Content-Disposition', `inline; filename="${id}-${name}.cast"`);
  response.setHeader('Content-Length', size);
  // One that grows is longer by the time it is read.
  if (request.method === 'HEAD' || size === 0) response.end();
  else await pipeline(createReadStream(file, { end: size - 1 }), response);
  return true;
}

async function owns(app: App, userId: string, id: string): Promise<boolean> {
  const select = { id: true } as const;
  const session = await app.db.session.findFirst({ where: { id, userId }, select });
  return session !== null || (await app.db.attempt.findFirst({ where: { id, userId }, select })) !== null;
}

function notFound(response: ServerResponse): true {
  response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('There is no such recording.\n');
  return true;
}
