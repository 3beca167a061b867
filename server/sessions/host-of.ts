import { createHash } from 'node:crypto';

const FIRST = 1000;
const MANY = 9000;

/** `cka4821`, what a scenario's host is called: the same each time, as its author says or drawn from its id. */
export function hostOf(scenario: { id: string; host?: string }): string {
  return scenario.host ?? `cka${FIRST + (createHash('sha256').update(scenario.id).digest().readUInt32LE() % MANY)}`;
}
