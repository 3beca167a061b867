/** A stored cluster, as the host's `snapshot()` gives it. */
import { Cluster, type ClusterSnapshot } from '../cluster.ts';
import type { JournalPosition } from './journal.ts';
import type { Credentials } from './served-cluster.ts';

/** Its state, and the keys that its kubeconfig was made with. */
export interface Stored {
  cluster: ClusterSnapshot;
  credentials: Credentials;
  journal?: JournalPosition;
}

export const readStored = (bytes: Uint8Array): Stored => JSON.parse(new TextDecoder().decode(bytes)) as Stored;

/** The cluster itself in this thread, served to nobody: to be copied and looked at. */
export const clusterIn = (bytes: Uint8Array): Cluster => Cluster.restore(readStored(bytes).cluster);
