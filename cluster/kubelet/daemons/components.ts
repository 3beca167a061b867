/** Kubernetes' own programs: what they print when they start, and where they listen. */
import { startingChecked } from '../control-plane/component-start.ts';
import type { Box, Context, Program } from '../shell/box.ts';
import type { Run } from '../shell/coroutine.ts';
import { plain, serveGo } from './http-server.ts';
import { untilSignal } from './serve.ts';

/** klog's head of a line: `I0501 10:00:00.000000       1`. */
const klog = (box: Box, level = 'I'): string => {
  const iso = new Date(box.now()).toISOString();
  return `${level}${iso.slice(5, 7)}${iso.slice(8, 10)} ${iso.slice(11, 23)}000       1`;
};

const SAID: Readonly<Record<string, readonly string[]>> = {
  'kube-controller-manager': [
    'serving.go:386] Generated self-signed cert in-memory',
    'controllermanager.go:188] "Starting" version="v1.35.4"',
    'secure_serving.go:211] Serving securely on 127.0.0.1:10257',
    'leaderelection.go:257] attempting to acquire leader lease kube-system/kube-controller-manager...',
    'leaderelection.go:271] successfully acquired lease kube-system/kube-controller-manager',
  ],
  'kube-scheduler': [
    'serving.go:386] Generated self-signed cert in-memory',
    'server.go:175] "Starting Kubernetes Scheduler" version="v1.35.4"',
    'secure_serving.go:211] Serving securely on 127.0.0.1:10259',
    'leaderelection.go:257] attempting to acquire leader lease kube-system/kube-scheduler...',
    'leaderelection.go:271] successfully acquired lease kube-system/kube-scheduler',
  ],
};

export const component = (name: string, port: number): Program =>
  startingChecked(name, function* run(context): Run {
    const { box, io, argv } = context;
    if (argv[1] === '--version') {
      io.stdout.write('Kubernetes v1.35.4\n');
      return 0;
    }
    for (const line of SAID[name] ?? []) io.stderr.write(`${klog(box)} ${line}\n`);
    serveGo(context, port, () => plain('ok'));
    return yield* untilSignal(context);
  });

const option = (argv: readonly string[], name: string): string | undefined => {
  const at = argv.findIndex((word) => word === name || word.startsWith(`${name}=`));
  if (at === -1) return undefined;
  return argv[at]?.includes('=') ? argv[at].slice(name.length + 1) : argv[at + 1];
};

export function* metricsServer(context: Context): Run {
  const { box, io, argv } = context;
  const port = Number(option(argv, '--secure-port') ?? 10_250);
  io.stderr.write(`${klog(box)} serving.go:380] Generated self-signed cert (/tmp/apiserver.crt, /tmp/apiserver.key)\n`);
  io.stderr.write(`${klog(box)} secure_serving.go:211] Serving securely on [::]:${port}\n`);
  serveGo(context, port, () => plain('ok'));
  return yield* untilSignal(context);
}

/** Waits for its signal; told to end, it says so. */
export function* pause(context: Context): Run {
  if (/^(-v|--version)$/.test(context.argv[1] ?? '')) {
    context.io.stdout.write('pause.c 3.10.1\n');
    return 0;
  }
  return yield* untilSignal(context, (signal) => {
    if (signal !== 'TERM' && signal !== 'INT') return undefined;
    context.io.stdout.write(`Shutting down, got signal: ${signal === 'TERM' ? 'Terminated' : 'Interrupt'}\n`);
    return 0;
  });
}
