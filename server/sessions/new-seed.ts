import { createHash, randomInt } from 'node:crypto';

/** Seeds are 31 bits: they fit an integer column everywhere. */
const MOST = 2 ** 31 - 1;

export function newSeed(): number {
  return randomInt(1, MOST);
}

/** Known before the session is there: the page shows the task that the session will be about. */
export function practiceSeed(userId: string, scenarioId: string): number {
  const hash = createHash('sha256').update(`${userId} ${scenarioId}`).digest();
  return 1 + (hash.readUInt32LE() % (MOST - 1));
}
