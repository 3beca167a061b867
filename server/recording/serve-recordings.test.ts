import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { openSession } from '../practice/open-session.ts';
import { withApp } from '../testing/test-app.ts';
import { serveRecordings } from './serve-recordings.ts';

test('recordings are for who made them, by names that are theirs', async () => {
  await withApp(async ({ app, userId }) => {
    const { sessionId } = await openSession(app, userId, 'core/one');
    app.live.recordings.record(sessionId, '1', (watcher) => {
      watcher.output(Buffer.from('hello\r\n'));
      return { ack: () => undefined, stop: () => undefined };
    });
    await app.live.recordings.end(sessionId);
    const [recording] = await app.live.recordings.list(sessionId);
    const name = recording?.name ?? '';
    await app.db.user.create({ data: { id: 'other', name: 'Other', createdAt: new Date(0) } });

    const server = createServer((request, response) => {
      const answer = async (): Promise<void> => {
        if (!(await serveRecordings(app, request, response))) response.writeHead(418).end();
      };
      void answer();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const ask = async (path: string, method = 'GET') => {
      const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, { method });
      return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
    };
    try {
      expect(JSON.parse((await ask(`/recordings/${sessionId}`)).text)).toEqual({ recordings: [recording], off: false });
      const cast = await ask(`/recordings/${sessionId}/${name}.cast?again=1`);
      expect(cast).toMatchObject({ status: 200, type: 'application/x-asciicast; charset=utf-8' });
      expect(cast.text.split('\n')[1]).toBe('[0,"o","hello\\r\\n"]');
      expect(await ask(`/recordings/${sessionId}/${name}.cast`, 'HEAD')).toMatchObject({ status: 200, text: '' });
      for (const path of [
        '/recordings/abc',
        `/recordings/abc/${name}.cast`,
        `/recordings/${sessionId}/1-1.cast`,
        `/recordings/${sessionId}/..%2f..%2f${name}.cast`,
      ])
        expect(await ask(path)).toMatchObject({ status: 404, text: 'There is no such recording.\n' });
      expect((await ask(`/recordings/${sessionId}`, 'POST')).status).toBe(405);
      expect((await ask('/exam')).status).toBe(418);
      await app.db.session.update({ where: { id: sessionId }, data: { userId: 'other' } });
      expect((await ask(`/recordings/${sessionId}/${name}.cast`)).status).toBe(404);
    } finally {
      server.close();
      await once(server, 'close');
    }
  });
});
