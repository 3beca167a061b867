/** The other end of the host: runs in a worker thread and owns clusters. */
import { parentPort } from 'node:worker_threads';
import { Cluster } from '../cluster.ts';
import { setUp } from '../setup.ts';
import { tryOut } from '../trial.ts';
import type { FromWorker, Methods, ToWorker } from './host-protocol.ts';
import { replay, type JournalPosition } from './journal.ts';
import { askConsole } from './node-console.ts';
import { serveCluster, type ServedCluster } from './served-cluster.ts';
import { readStored, type Stored } from './stored.ts';

const clusters = new Map<string, ServedCluster>();

const say = (message: FromWorker) => parentPort?.postMessage(message);
const onFault = (what: string, fault: unknown) =>
  say({ fault: `${what}: ${fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)}` });

const store = (served: ServedCluster, journal?: JournalPosition): Uint8Array => {
  const stored: Stored = {
    cluster: served.cluster.snapshot(),
    credentials: served.credentials,
    ...(journal && { journal }),
  };
  return new TextEncoder().encode(JSON.stringify(stored));
};

/** With what its journal knows beyond it. */
function broughtUp(stored: Stored, folder: string | undefined) {
  if (folder === undefined) return { cluster: stored.cluster };
  if (stored.journal === undefined) return { cluster: stored.cluster, journal: { folder } };
  const { snapshot, position } = replay(folder, stored.cluster, stored.journal);
  return { cluster: snapshot, journal: { folder, replayed: { position, revision: snapshot.store.revision } } };
}

function owned(id: string): ServedCluster {
  const cluster = clusters.get(id);
  if (!cluster) throw new Error(`there is no cluster ${id}`);
  return cluster;
}

type Handlers = {
  [M in keyof Methods]: (
    id: string,
    argument: Methods[M]['argument'],
  ) => Methods[M]['result'] | Promise<Methods[M]['result']>;
};

const handlers: Handlers = {
  create: async (id, { path, server, restore, journal, now = Date.now(), nodes, seed }) => {
    const stored = restore ? readStored(restore) : undefined;
    const start = stored
      ? broughtUp(stored, journal)
      : { cluster: { now, nodes, seed }, ...(journal !== undefined && { journal: { folder: journal } }) };
    const served = await serveCluster({
      start: start.cluster,
      listen: { path },
      ...(start.journal && { journal: start.journal }),
      onChange: (change) => say({ cluster: id, change }),
      ...(stored ? { credentials: stored.credentials } : {}),
      onFault,
    });
    clusters.set(id, served);
    served.onListening((listens) => say({ cluster: id, listens }));
    return { kubeconfig: served.kubeconfig(server) };
  },
  state: (id) => {
    const served = owned(id);
    served.settle();
    return { now: served.cluster.now, resources: served.cluster.objects() };
  },
  snapshot: (id) => {
    const served = owned(id);
    served.settle();
    return store(served);
  },
  store: (id) => {
    const served = owned(id);
    served.settle();
    return store(served, served.journal?.turn());
  },
  stored: (id) => owned(id).journal?.stored(),
  unstored: (id) => {
    const { journal } = owned(id);
    return { journalBytes: journal?.bytes ?? 0, files: journal?.filesChanged ?? true };
  },
  reset: (id, snapshot) => owned(id).reset(readStored(snapshot).cluster),
  setup: (id, steps) => setUp(owned(id).cluster, steps),
  tryOut: (id, { steps, from }) => {
    const served = owned(id);
    served.settle();
    return tryOut(from === undefined ? served.cluster : Cluster.restore(readStored(from).cluster), steps);
  },
  settle: (id) => owned(id).settle(),
  pass: (id, ms) => owned(id).pass(ms),
  console: (id, request) => askConsole(owned(id), request),
  watchDisk: (id, node) => {
    let told = false;
    // many changes of one command are told once
    owned(id)
      .cluster.node(node)
      ?.onChange(() => {
        if (told) return;
        told = true;
        setImmediate(() => {
          told = false;
          say({ cluster: id, disk: node });
        });
      });
  },
  close: async (id) => {
    await clusters.get(id)?.close();
    clusters.delete(id);
  },
};

async function answer({ id, method, cluster, argument }: ToWorker): Promise<void> {
  try {
    // each method's handler takes that method's own argument: the pairing is the message's type
    const handler = handlers[method] as (id: string, argument: unknown) => unknown;
    say({ id, result: await handler(cluster, argument) });
  } catch (error) {
    say({ id, error: error instanceof Error ? error.message : String(error) });
  }
}

// the first cluster takes longest: it is made before anybody asks
Cluster.create({ now: Date.now() });

parentPort?.on('message', (message: ToWorker) => void answer(message));
