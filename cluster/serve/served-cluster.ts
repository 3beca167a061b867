/** One cluster on the wire: its authority, its HTTPS server, its clock tied to the wall. */
import type { ListenOptions } from 'node:net';
import type { UserInfo } from '../admission/plugin.ts';
import { authenticateToken } from '../access/authenticate-token.ts';
import { Cluster, type ClusterOptions, type ClusterSnapshot } from '../cluster.ts';
import { certificateSigner } from './certificate-signer.ts';
import { createAuthority, loadAuthority, type KeyPair } from './certificates.ts';
import { Driver } from './driver.ts';
import { createHttpServer, type Serving } from './http.ts';
import { kubeconfig } from './kubeconfig.ts';
import { podApi } from './pod-api.ts';
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

export interface ServedCluster {
  /** What is served now. */
  readonly cluster: Cluster;
  readonly credentials: Credentials;
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
  /** Milliseconds a client may take to send its body. Default: LIMITS.bodyMs. */
  bodyMs?: number;
}

const isSnapshot = (start: ServeOptions['start']): start is ClusterSnapshot => 'store' in start;

export async function serveCluster({
  start,
  listen,
  credentials: stored,
  onFault,
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
  const serve = (cluster: Cluster): Serving => {
    cluster.runtime.api = podApi({
      cluster,
      certificate: server.certificate,
      tokenUser: (token) => userOf(cluster, token),
    });
    return { cluster, driver: new Driver(cluster) };
  };
  let serving = serve(
    isSnapshot(start)
      ? open(start)
      : Cluster.create({ ...start, onFault, tokens, certificates, caCertificate: authority.certificate }),
  );
  const http = createHttpServer({
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
  return {
    credentials: { authority: authority.keyPair, admin },
    get cluster() {
      return serving.cluster;
    },
    address: () => {
      const address = http.server.address();
      if (address === null) throw new Error('the cluster does not listen');
      return typeof address === 'string' ? { path: address } : { port: address.port };
    },
    kubeconfig: (server) => kubeconfig({ server, authority: authority.certificate, user: ADMIN, credentials: admin }),
    reset: (snapshot) => {
      serving.driver.close();
      serving = serve(open(snapshot));
      http.endWatches();
    },
    settle: () => serving.driver.catchUp(),
    pass: (ms) => serving.driver.pass(ms),
    close: async () => {
      serving.driver.close();
      await http.close();
    },
  };
}
