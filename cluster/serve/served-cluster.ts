/** One cluster on the wire: its authority, its HTTPS server, its clock tied to the wall. */
import type { ListenOptions } from 'node:net';
import type { UserInfo } from '../admission/plugin.ts';
import type { KubeObject } from '../api/types.ts';
import { authenticateToken } from '../access/authenticate-token.ts';
import type { ApiState } from '../control-plane.ts';
import { Cluster, type ClusterOptions, type ClusterSnapshot } from '../cluster.ts';
import { certificateSigner } from './certificate-signer.ts';
import { createAuthority, loadAuthority, type KeyPair } from './certificates.ts';
import { Driver } from './driver.ts';
import type { ApiRequest, Reply } from './api.ts';
import { createHttpServer, type Serving } from './http.ts';
import { Journal, type JournalPosition } from './journal.ts';
import { kubeconfig } from './kubeconfig.ts';
import { podApi } from './pod-api.ts';
import { requestInfo } from './request-info.ts';
import { tokenSigner } from './token-signer.ts';

export const ADMIN = 'kubernetes-admin';
/** kubeadm binds this group to cluster-admin; system:masters passes every check, as the exam's admin does. */
const ADMIN_GROUPS = ['system:masters'];
const SERVER_NAMES = [
  '127.0.0.1',
  '10.96.0.1',
  'localhost',
  'controlplane',
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
  '172.30.1.2',
];

/** Kept with a stored cluster, so that a kubeconfig made for it stays good. */
export interface Credentials {
  authority: KeyPair;
  admin: KeyPair;
}

/** A write that a client asked for and got. */
export interface Change {
  /** `create update patch delete deletecollection` */
  verb: string;
  /** With its group: `deployments.apps`; a subresource follows a slash. */
  resource: string;
  namespace: string;
  /** Empty for a collection. */
  name: string;
}

export interface ServedCluster {
  /** Where it writes what it does, when it was given a folder. */
  readonly journal: Journal | undefined;
  /** What is served now. */
  readonly cluster: Cluster;
  readonly credentials: Credentials;
  /** Told when the API server stops or begins to take connections: its port is closed meanwhile. */
  onListening(listener: (on: boolean) => void): () => void;
  /** Where it listens: a port on loopback, or the path of a socket. */
  address(): { port: number } | { path: string };
  /** The administrator's kubeconfig, for a server at that URL. */
  kubeconfig(server: string): string;
  /** Puts another state in place; watches end, clients come back by themselves. */
  reset(snapshot: ClusterSnapshot): void;
  /** Brings the clock up to the present and lets the loops work. */
  settle(): void;
  /** Lets cluster time run ahead of the wall by `ms` milliseconds. */
  pass(ms: number): void;
  close(): Promise<void>;
}

export interface ServeOptions {
  /** A fresh cluster, or one to go on with. */
  start: Omit<ClusterOptions, 'caCertificate'> | ClusterSnapshot;
  listen: ListenOptions;
  /** Those of a stored cluster; default: new ones. */
  credentials?: Credentials;
  onFault: (what: string, fault: unknown) => void;
  /** Where to keep a journal; `replayed` says that `start` was brought up to date from it. */
  journal?: { folder: string; replayed?: { position: JournalPosition; revision: number } };
  /** Told of each write by a client. */
  onChange?: (change: Change) => void;
  /** Milliseconds a client may take to send its body. Default: LIMITS.bodyMs. */
  bodyMs?: number;
}

const isSnapshot = (start: ServeOptions['start']): start is ClusterSnapshot => 'store' in start;

export async function serveCluster({
  start,
  listen,
  credentials: stored,
  onFault,
  journal: keep,
  onChange,
  bodyMs,
}: ServeOptions): Promise<ServedCluster> {
  const now = Date.now();
  const authority = await (stored ? loadAuthority(stored.authority, now) : createAuthority(now));
  const [server, admin] = await Promise.all([
    authority.server(SERVER_NAMES),
    stored?.admin ?? authority.client(ADMIN, ADMIN_GROUPS),
  ]);
  const tokens = tokenSigner(authority.keyPair);
  const certificates = certificateSigner(authority.keyPair);
  const open = (snapshot: ClusterSnapshot) =>
    Cluster.restore({ ...snapshot, caCertificate: authority.certificate }, { onFault, tokens, certificates });
  const userOf = (cluster: Cluster, token: string): UserInfo | undefined => {
    const verdict = authenticateToken({ store: cluster.store, signer: tokens, nowMs: cluster.now }, token);
    return 'user' in verdict ? verdict.user : undefined;
  };
  let journal: Journal | undefined;
  /** Not to be able to write it down is no reason to refuse: the next store of the whole cluster has it. */
  const write = (): void => {
    try {
      journal?.write();
    } catch (error) {
      onFault('the journal cannot be written', error);
      journal?.close();
    }
  };
  const serve = (cluster: Cluster): Serving => {
    cluster.runtime.api = podApi({
      cluster,
      certificate: server.certificate,
      tokenUser: (token) => userOf(cluster, token),
    });
    return { cluster, driver: new Driver(cluster, Date.now, write) };
  };
  let serving = serve(
    isSnapshot(start)
      ? open(start)
      : Cluster.create({ ...start, onFault, tokens, certificates, caCertificate: authority.certificate }),
  );
  if (keep !== undefined) journal = new Journal(keep.folder, serving.cluster, keep.replayed);
  const written = (request: ApiRequest, reply: Reply): void => {
    write();
    if (succeeded(reply)) onChange?.(changeBy(request, reply));
  };
  const http = createHttpServer({
    written,
    serving: () => serving,
    authority,
    server,
    tokenUser: (token) => userOf(serving.cluster, token),
    ...(bodyMs === undefined ? {} : { bodyMs }),
  });
  await new Promise<void>((resolve, reject) => {
    http.server.once('error', reject);
    http.server.listen(listen, () => resolve());
  });
  const place = http.server.address();
  const listeners = new Set<(on: boolean) => void>();
  let closed = false;
  let heard = true;
  const follow = (state: ApiState) => {
    const on = state !== 'down';
    if (closed || on === heard) return;
    heard = on;
    http.setListening(on).then(
      () => listeners.forEach((listener) => listener(on)),
      (fault: unknown) => onFault('the port of the API server', fault),
    );
  };
  const attach = (cluster: Cluster): void => {
    cluster.onApi(follow);
    follow(cluster.api);
  };
  attach(serving.cluster);
  return {
    get journal() {
      return journal;
    },
    credentials: { authority: authority.keyPair, admin },
    get cluster() {
      return serving.cluster;
    },
    onListening: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    address: () => {
      if (place === null) throw new Error('the cluster does not listen');
      return typeof place === 'string' ? { path: place } : { port: place.port };
    },
    kubeconfig: (server) => kubeconfig({ server, authority: authority.certificate, user: ADMIN, credentials: admin }),
    reset: (snapshot) => {
      serving.driver.close();
      serving = serve(open(snapshot));
      journal?.replace(serving.cluster);
      http.endWatches();
    },
    settle: () => serving.driver.catchUp(),
    pass: (ms) => serving.driver.pass(ms),
    close: async () => {
      closed = true;
      serving.driver.close();
      write();
      await http.close();
      journal?.close();
    },
  };
}

const succeeded = (reply: Reply): boolean => (reply.kind === 'object' ? reply.code < 300 : reply.kind === 'list');

function changeBy(request: ApiRequest, reply: Reply): Change {
  const { verb, group, resource, subresource, namespace, name } = requestInfo(
    request.method,
    request.path,
    request.query,
  );
  const made = reply.kind === 'object' ? (reply.object as KubeObject).metadata.name : undefined;
  return {
    verb,
    resource: `${resource}${group === '' ? '' : `.${group}`}${subresource === '' ? '' : `/${subresource}`}`,
    namespace,
    name: name === '' && verb === 'create' ? (made ?? '') : name,
  };
}
