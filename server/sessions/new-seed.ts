import { randomInt } from 'node:crypto';

/** 31 bits: fits an integer column everywhere. */
export function newSeed(): number {
  return randomInt(2 ** 31 - 1);
}
