/** memcached: its text protocol. */
import type { Context, Server } from '../shell/box.ts';
import type { Run } from '../shell/coroutine.ts';
import { untilSignal } from './serve.ts';

export function* memcached(context: Context): Run {
  const { box, argv } = context;
  const at = argv.indexOf('-p');
  const port = at === -1 ? 11_211 : Number(argv[at + 1]);
  const values = new Map<string, { flags: string; text: string }>();
  const server: Server = () => {
    let held = '';
    const peer = {
      closed: false,
      say(bytes: string): string {
        held += bytes;
        let out = '';
        for (;;) {
          const end = held.indexOf('\n');
          if (end === -1) return out;
          const [name = '', ...args] = held.slice(0, end).trim().split(/\s+/);
          const rest = held.slice(end + 1);
          const [key = '', flags = '0', , size = '0'] = args;
          if (name === 'set' || name === 'add') {
            const length = Number(size);
            if (rest.length < length) return out;
            held = rest.slice(length).replace(/^\r?\n/, '');
            const stored = name === 'set' || !values.has(key);
            if (stored) values.set(key, { flags, text: rest.slice(0, length) });
            out += stored ? 'STORED\r\n' : 'NOT_STORED\r\n';
            continue;
          }
          held = rest;
          if (name === 'get' || name === 'gets') {
            for (const one of args) {
              const found = values.get(one);
              if (found) out += `VALUE ${one} ${found.flags} ${found.text.length}\r\n${found.text}\r\n`;
            }
            out += 'END\r\n';
          } else if (name === 'delete') out += values.delete(key) ? 'DELETED\r\n' : 'NOT_FOUND\r\n';
          else if (name === 'version') out += 'VERSION 1.6.39\r\n';
          else if (name === 'stats')
            out += `STAT pid 1\r\nSTAT version 1.6.39\r\nSTAT curr_items ${values.size}\r\nEND\r\n`;
          else if (name === 'flush_all') {
            values.clear();
            out += 'OK\r\n';
          } else if (name === 'quit') {
            peer.closed = true;
            return out;
          } else if (name !== '') out += 'ERROR\r\n';
        }
      },
    };
    return peer;
  };
  box.listen(port, server);
  return yield* untilSignal(context);
}
