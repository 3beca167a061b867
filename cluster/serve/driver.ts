/** Ties a cluster's clock to the wall clock while somebody works with it. */
import type { Cluster } from '../cluster.ts';

/** Milliseconds: setTimeout cannot wait longer. */
const LONGEST_WAIT = 2 ** 31 - 1;

export class Driver {
  readonly #cluster: Cluster;
  /** Cluster time minus wall time: a cluster that was stored goes on from its own time. */
  #offset: number;
  readonly #wall: () => number;
  readonly #onTurn: () => void;
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Immediate | undefined;
  #closed = false;

  /** `onTurn` is called whenever the cluster has come to rest. */
  constructor(cluster: Cluster, wall: () => number = Date.now, onTurn: () => void = () => undefined) {
    this.#cluster = cluster;
    this.#onTurn = onTurn;
    this.#wall = wall;
    this.#offset = cluster.now - wall();
    this.#schedule();
  }

  /** Brings the cluster up to the present; call before a request is handled. */
  catchUp(): void {
    const behind = this.#wall() + this.#offset - this.#cluster.now;
    // somebody let cluster time run ahead (a scenario's setup): it goes on from there, and does not wait for the wall
    if (behind < 0) this.#offset -= behind;
    if (behind > 0) this.#cluster.advance(behind);
    else this.#cluster.settle();
    this.#onTurn();
  }

  /** Lets the loops react once the answer is on its way; call after a request was handled. */
  react(): void {
    if (this.#soon !== undefined || this.#closed || this.#cluster.idle) return;
    this.#soon = setImmediate(() => {
      this.#soon = undefined;
      this.catchUp();
      this.#schedule();
    });
  }

  /** Lets `ms` milliseconds go by at once: from now on cluster time is that much further ahead. */
  pass(ms: number): void {
    this.catchUp();
    this.#cluster.advance(ms);
    this.#offset = this.#cluster.now - this.#wall();
    this.#onTurn();
    this.#schedule();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    if (this.#soon) clearImmediate(this.#soon);
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const next = this.#cluster.nextTimer;
    if (next === undefined || this.#closed) return;
    const wait = Math.min(Math.max(next - this.#offset - this.#wall(), 0), LONGEST_WAIT);
    this.#timer = setTimeout(() => {
      this.catchUp();
      this.#schedule();
    }, wait);
    this.#timer.unref();
  }
}
