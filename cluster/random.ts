/** Chance, drawn from a seed: the same seed and the same requests give the same names, ids and ties. */
import type { Random } from './store/client.ts';

/** Kubernetes draws generated names from letters and digits that spell no words and look unlike each other (apimachinery util/rand). */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';
const HEX = '0123456789abcdef';

/** mulberry32: 32 bits of state, which is enough to tell names apart and small enough to store. */
export class SeededRandom implements Random {
  #state: number;
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }
  /** For snapshots: `new SeededRandom(random.state)` goes on where this one is. */
  get state(): number {
    return this.#state;
  }
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  suffix(length = 5): string {
    let text = '';
    for (let letter = 0; letter < length; letter++) text += ALPHABET[Math.floor(this.next() * ALPHABET.length)];
    return text;
  }
  uuid(): string {
    const hex = (digits: number) => {
      let text = '';
      for (let digit = 0; digit < digits; digit++) text += HEX[Math.floor(this.next() * 16)];
      return text;
    };
    const variant = '89ab'[Math.floor(this.next() * 4)];
    return `${hex(8)}-${hex(4)}-4${hex(3)}-${variant}${hex(3)}-${hex(12)}`;
  }
}
