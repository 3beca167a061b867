/** Draws for walks of the scheduler: small numbers of names, labels and zones, so that they meet often. */
import { SeededRandom } from '#cluster/random.ts';

export interface Step {
  method: string;
  path: string;
  body?: object;
  type?: string;
}

export class Chance {
  readonly #random: SeededRandom;
  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
  }
  chance(share: number): boolean {
    return this.#random.next() < share;
  }
  below(count: number): number {
    return Math.floor(this.#random.next() * count);
  }
  of<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.below(choices.length)] ?? choices[0];
  }
  some<T>(choices: readonly T[], share = 0.5): T[] {
    return choices.filter(() => this.chance(share));
  }
  /** The field with this chance, else nothing. */
  maybe<T extends object>(share: number, make: () => T): Partial<T> {
    return this.chance(share) ? make() : {};
  }
}

export const ZONES = ['a', 'b', 'c'] as const;
export const NAMESPACES = ['walk-a', 'walk-b'] as const;
export const APPS = ['web', 'db', 'cache'] as const;
export const TIERS = ['gold', 'tin'] as const;
export const ZONE = 'topology.kubernetes.io/zone';
export const HOST = 'kubernetes.io/hostname';
export const MI = 1024 * 1024;
export const POST = 'POST';
export const merge = 'application/merge-patch+json';

/** A step that makes an object. */
export const created = (path: string, body: object): Step => ({ method: POST, path, body });
