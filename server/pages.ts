/** Next's half of the server. */
import { createServer } from 'node:http';
import path from 'node:path';
import type { Pages } from './http.ts';

const ROOT = path.join(import.meta.dirname, '..');

/** Loads Next and gets the pages ready; without `dev` they must have been built. */
export async function openPages(options: {
  dev: boolean;
  host: string;
  port: number;
}): Promise<Pages & { close(): Promise<void> }> {
  // React and Next choose their development or production halves by this when they load.
  Object.assign(process.env, {
    NODE_ENV: options.dev ? 'development' : 'production',
    NEXT_TELEMETRY_DISABLED: '1',
  });
  const { default: next } = await import('next');
  // Next listens for upgrades on the server it is given. Ours must pass the gate first, so it gets one that nobody
  // connects to, and those let in are handed to that.
  const upgrades = createServer();
  const app = next({
    dev: options.dev,
    dir: ROOT,
    hostname: options.host,
    port: options.port,
    quiet: true,
    httpServer: upgrades,
  });
  await app.prepare();
  const request = app.getRequestHandler();
  return {
    request: (incoming, response) => request(incoming, response),
    upgrade: (incoming, socket, head) => {
      if (!upgrades.emit('upgrade', incoming, socket, head)) socket.destroy();
    },
    close: () => app.close(),
  };
}
