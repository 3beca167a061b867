/** mongod: starts and takes connections; its protocol is not simulated. */
import type { Context } from '../shell/box.ts';
import type { Run } from '../shell/coroutine.ts';
import { mute } from './http-server.ts';
import { untilSignal } from './serve.ts';

export function* mongod(context: Context): Run {
  const { box, io, argv } = context;
  const say = (component: string, id: number, msg: string, attr = '') =>
    io.stdout.write(
      `{"t":{"$date":"${new Date(box.now()).toISOString().replace('Z', '+00:00')}"},"s":"I",  "c":"${component.padEnd(8)}", "id":${id}, "ctx":"initandlisten","msg":"${msg}"${attr}}\n`,
    );
  const at = argv.indexOf('--port');
  const port = at === -1 ? 27_017 : Number(argv[at + 1]);
  say(
    'CONTROL',
    4615611,
    'MongoDB starting',
    `,"attr":{"pid":1,"port":${port},"dbPath":"/data/db","architecture":"64-bit","host":"${box.hostname}"}`,
  );
  say('NETWORK', 23015, 'Listening on', ',"attr":{"address":"0.0.0.0"}');
  say('NETWORK', 23016, 'Waiting for connections', `,"attr":{"port":${port},"ssl":"off"}`);
  box.listen(port, mute);
  return yield* untilSignal(context);
}
/** Options alone are for mongod. */
export function* mongoEntrypoint({ argv, call }: Context): Run {
  const words = argv.slice(1);
  return yield* call(words[0]?.startsWith('-') ? ['mongod', ...words] : words);
}
