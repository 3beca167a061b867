/** Session affinity as kube-proxy's iptables mode keeps it: each connection of a client renews what is remembered of it. */

/** Clients remembered at a time; the oldest go first. */
const MOST = 10_000;

export class Affinity {
  readonly #now: () => number;
  readonly #seen = new Map<string, { address: string; at: number }>();

  /** `now`: milliseconds since 1970. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Where the client was led last, and whether that is longer ago than `timeout` milliseconds. undefined: it was never seen. */
  recall(client: string, timeout: number): { address: string; expired: boolean } | undefined {
    const seen = this.#seen.get(client);
    return seen && { address: seen.address, expired: this.#now() - seen.at > timeout };
  }

  remember(client: string, address: string): void {
    this.#seen.delete(client);
    this.#seen.set(client, { address, at: this.#now() });
    const [oldest] = this.#seen.keys();
    if (this.#seen.size > MOST && oldest !== undefined) this.#seen.delete(oldest);
  }
}
