/** What a second of the API server's CPU buys, here and in a real API server: lists, creates, applies, and watchers told. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Connection } from './connection.ts';
import { median, row } from './measure.ts';

export interface Server {
  kubeconfig: string;
  /** Of the API server's process. */
  pid: number;
}

const NAMESPACE = '/api/v1/namespaces/bench';
/** Enough work for the kernel's clock of 10 ms to tell. */
const REQUESTS = 400;
const ROUNDS = 5;
const SOCKETS = 4;
const WATCHERS = 200;
const WRITES = 20;

const pod = (index: number) =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `web-${index}`, labels: { app: 'web' } },
    spec: { containers: [{ name: 'web', image: 'nginx:1.27', resources: { requests: { cpu: '1m' } } }] },
  });
const configMap = (name: string, value: string) =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { value } });

/** `count` pieces of work, as many at once as there are connections. */
async function inParallel(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: SOCKETS }, worker));
}

/** Units of work for each second of CPU. */
async function perCpuSecond(server: Connection, units: number, work: () => Promise<void>): Promise<number> {
  const before = server.cpuSeconds();
  await work();
  return units / (server.cpuSeconds() - before);
}

const LOADS: { what: string; budget: string; units: number; run(server: Connection, round: number): Promise<void> }[] =
  [
    {
      what: 'GET a list of 100 pods',
      budget: 'ratio 3.0',
      units: REQUESTS,
      run: (server) => inParallel(REQUESTS, () => server.ask('GET', `${NAMESPACE}/pods`)),
    },
    {
      what: 'POST a ConfigMap',
      budget: 'ratio 1.0',
      units: REQUESTS,
      run: (server, round) =>
        inParallel(REQUESTS, (index) =>
          server.ask('POST', `${NAMESPACE}/configmaps`, configMap(`posted-${round}-${index}`, 'x')),
        ),
    },
    {
      what: 'server-side apply of a ConfigMap',
      budget: '',
      units: REQUESTS,
      run: (server, round) =>
        inParallel(REQUESTS, (index) =>
          server.ask(
            'PATCH',
            `${NAMESPACE}/configmaps/applied-${index}?fieldManager=bench`,
            configMap(`applied-${index}`, String(round)),
            'application/apply-patch+yaml',
          ),
        ),
    },
  ];

/** Resolves when `count` lines have come. */
async function lines(stream: IncomingMessage, count: number): Promise<void> {
  let left = count;
  stream.on('data', (chunk: Buffer) => {
    for (const byte of chunk) if (byte === 10) left--;
    if (left <= 0) stream.emit('told');
  });
  await once(stream, 'told');
}

/** Events delivered for each second of CPU, with WATCHERS watching. */
async function fanOut(server: Connection, watched: Connection, round: number): Promise<number> {
  const path = `${NAMESPACE}/configmaps?watch=1&fieldSelector=metadata.name=told-${round}&timeoutSeconds=120`;
  const streams = await Promise.all(Array.from({ length: WATCHERS }, () => watched.open('GET', path)));
  const told = streams.map((stream) => lines(stream, WRITES));
  const rate = await perCpuSecond(server, WATCHERS * WRITES, async () => {
    await server.ask('POST', `${NAMESPACE}/configmaps`, configMap(`told-${round}`, '0'));
    for (let write = 1; write < WRITES; write++) {
      await server.ask('PUT', `${NAMESPACE}/configmaps/told-${round}`, configMap(`told-${round}`, String(write)));
    }
    await Promise.all(told);
  });
  for (const stream of streams) stream.destroy();
  return rate;
}

async function prepare(server: Connection): Promise<void> {
  await server.ask('POST', '/api/v1/namespaces', '{"metadata":{"name":"bench"}}');
  for (let index = 0; index < 100; index++) await server.ask('POST', `${NAMESPACE}/pods`, pod(index));
}

export async function benchRequests(ours: Server, rival: Server | undefined): Promise<void> {
  const servers = [ours, ...(rival ? [rival] : [])].map(({ kubeconfig, pid }) => ({
    asked: new Connection(kubeconfig, pid, SOCKETS),
    watched: new Connection(kubeconfig, pid, WATCHERS),
  }));
  try {
    for (const { asked } of servers) await prepare(asked);
    const report = async (
      what: string,
      budget: string,
      measure: (server: (typeof servers)[number], round: number) => Promise<number>,
    ) => {
      const found: number[][] = servers.map(() => []);
      for (let round = 0; round <= ROUNDS; round++) {
        for (const [which, server] of servers.entries()) {
          const rate = await measure(server, round);
          // the first round is not counted: both have something to compile or to allocate
          if (round > 0) found[which]?.push(rate);
        }
      }
      const [a = [], b] = found;
      const ratio = b
        ? `against ${median(b).toFixed(0)}: ratio ${(median(a) / median(b)).toFixed(2)}`
        : 'rival not run';
      row(`${what}, per CPU second`, `${median(a).toFixed(0)} ${ratio}`, budget);
    };
    for (const { what, budget, units, run } of LOADS) {
      await report(what, budget, ({ asked }, round) => perCpuSecond(asked, units, () => run(asked, round)));
    }
    await report(`events to ${WATCHERS} watchers`, '', ({ asked, watched }, round) => fanOut(asked, watched, round));
  } finally {
    for (const { asked, watched } of servers) {
      asked.close();
      watched.close();
    }
  }
}
