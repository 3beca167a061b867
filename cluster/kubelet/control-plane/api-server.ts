/**
 * The API server as a program on a node: it reads its flags, looks for etcd, and listens. What it answers is the cluster's own
 * (cluster/serve); here it decides whether it answers at all.
 */
import { httpServer, plain, type HttpResponse } from '../daemons/http-server.ts';
import { pause, untilSignal } from '../daemons/serve.ts';
import type { Context, Program } from '../shell/box.ts';
import type { Run } from '../shell/coroutine.ts';
import { apiServerProblem, etcdFileProblem } from './api-server-flags.ts';
import { klog, readComponentFlags } from './component-start.ts';
import { certificateProblem, isKubeadmsOwn } from './etcd-client.ts';

const VERSION = 'v1.35.4';
/** Milliseconds that it waits for etcd before it gives up, and between the lines that say so. */
const PATIENCE = 20_000;
const COMPLAINS_AFTER = [0, 1000, 2700, 5500, 9500, 14_000];
/** Exit codes: an error of its command line, and klog's fatal. */
const FAILED = 1;
const FATAL = 255;
const SECURE_PORT = '6443';

type Values = ReadonlyMap<string, string>;

/** Why no connection with one of etcd's endpoints comes about, as gRPC says it; undefined: one does. */
export function etcdProblem(context: Context, values: Values): string | undefined {
  // beside a cluster (a test, `docker run`) there is no machine with an etcd to look for
  if (!context.box.machine?.etcd) return undefined;
  const urls = (values.get('etcd-servers') ?? '').split(',').filter((url) => url !== '');
  let why: string | undefined = 'transport: Error while dialing: dial tcp: missing address';
  for (const url of urls) {
    why = endpointProblem(context, values, url);
    if (why === undefined) return undefined;
  }
  return why;
}

function endpointProblem(context: Context, values: Values, url: string): string | undefined {
  const { machine } = context.box;
  const { host, hostname, port, protocol } = parsed(url);
  const listens = machine?.etcd?.listens() ?? [];
  const address = hostname === 'localhost' ? '127.0.0.1' : hostname;
  const there = listens.some((one) => {
    const own = parsed(one);
    return own.port === port && (own.hostname === address || own.hostname === '0.0.0.0');
  });
  if (!there) return `transport: Error while dialing: dial tcp ${host}: connect: connection refused`;
  if (protocol === 'http:' && listens.some((one) => parsed(one).host === host && one.startsWith('https:'))) {
    return 'error reading server preface: EOF';
  }
  const client = {
    cacert: values.get('etcd-cafile') ?? '',
    cert: values.get('etcd-certfile') ?? '',
    key: values.get('etcd-keyfile') ?? '',
  };
  // the usual ones belong together: nothing has to be computed
  if (isKubeadmsOwn(client)) return undefined;
  return certificateProblem(context, { ...client, endpoints: [url], unverified: false }, url);
}

interface Endpoint {
  host: string;
  hostname: string;
  port: string;
  protocol: string;
}
/** The same few, at every probe. */
const parsedBefore = new Map<string, Endpoint>();
const KEPT = 64;
function parsed(url: string): Endpoint {
  const known = parsedBefore.get(url);
  if (known) return known;
  if (parsedBefore.size >= KEPT) parsedBefore.clear();
  const made = parseUrl(url);
  parsedBefore.set(url, made);
  return made;
}

function parseUrl(url: string): Endpoint {
  const [, protocol = 'http:', host = ''] = /^([a-z]+:)\/\/([^/]*)/.exec(url) ?? [];
  const colon = host.lastIndexOf(':');
  const hostname = colon === -1 ? host : host.slice(0, colon);
  return { host, hostname, port: colon === -1 ? '2379' : host.slice(colon + 1), protocol };
}

/** Looks for etcd again and again. Returns whether it was found. */
function* findEtcd(context: Context, values: Values): Generator<{ until?: number; event?: true }, boolean, void> {
  const { box, io } = context;
  const from = box.now();
  const [first = ''] = (values.get('etcd-servers') ?? '').split(',');
  const target = parsed(first).host;
  for (const [round, after] of [...COMPLAINS_AFTER, PATIENCE].entries()) {
    if (after > 0 && (yield* pause(context, from + after - box.now())) !== undefined) return false;
    const why = etcdProblem(context, values);
    if (why === undefined) return true;
    if (after === PATIENCE) break;
    io.stderr.write(
      klog(
        'W',
        box.now(),
        `logging.go:55] [core] [Channel #1 SubChannel #${round + 3}]grpc: addrConn.createTransport failed to connect to {Addr: "${target}", ServerName: "${target}", BalancerAttributes: {"<%!p(pickfirstleaf.managedByPickfirstKeyType={})>": "<%!p(bool=true)>" }}. Err: connection error: desc = "${why}"`,
      ),
    );
  }
  return false;
}

/** /livez and /readyz as probes see them. */
function health(context: Context, values: Values, path: string): HttpResponse {
  const endpoint = path.replace(/^\//, '').split(/[/?]/)[0] ?? '';
  if (etcdProblem(context, values) === undefined || path.endsWith('/ping')) return plain('ok');
  const lines = ['[+]ping ok', '[+]log ok', '[-]etcd failed: reason withheld'];
  if (endpoint === 'readyz') lines.push('[-]etcd-readiness failed: reason withheld');
  return plain(`${lines.join('\n')}\n${endpoint} check failed\n`, 500);
}

export const apiServer: Program = function* run(context): Run {
  const { argv, box, io } = context;
  if (argv[1] === '--version') {
    io.stdout.write(`Kubernetes ${VERSION}\n`);
    return 0;
  }
  const values = readComponentFlags('kube-apiserver', argv.slice(1));
  const problem = typeof values === 'string' ? values : apiServerProblem(box, values);
  if (typeof values === 'string' || problem !== undefined) {
    io.stderr.write(`Error: ${problem}\n`);
    return FAILED;
  }
  const say = (text: string) => io.stderr.write(klog('I', box.now(), text));
  const fatal = (why: string) => {
    io.stderr.write(
      klog('F', box.now(), `instance.go:233] Error creating leases: error creating storage factory: ${why}`),
    );
    return FATAL;
  };
  say(
    `options.go:263] external host was not specified, using ${values.get('advertise-address') ?? box.network.address}`,
  );
  say(`server.go:150] Version: ${VERSION}`);
  say('server.go:152] "Golang settings" GOGC="" GOMAXPROCS="" GOTRACEBACK=""');
  const missing = etcdFileProblem(box, values);
  if (missing !== undefined) return fatal(missing);
  if (!(yield* findEtcd(context, values))) return fatal('context deadline exceeded');
  const port = Number(values.get('secure-port') ?? SECURE_PORT);
  say(`secure_serving.go:211] Serving securely on [::]:${port}`);
  box.listen(
    port,
    httpServer({ style: 'go', now: () => box.now(), respond: ({ path }) => health(context, values, path) }),
  );
  return yield* untilSignal(context);
};
