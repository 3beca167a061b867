/** A test that prints has not said all it knows: any console output fails the test it came from. */
import { afterEach, beforeEach, expect } from '@jest/globals';

const LOUD = ['log', 'info', 'warn', 'error', 'debug'] as const;
const real = Object.fromEntries(LOUD.map((method) => [method, console[method]]));
let printed: string[] = [];

beforeEach(() => {
  printed = [];
  for (const method of LOUD) {
    console[method] = (...args: unknown[]) => {
      printed.push(`console.${method}: ${args.map(String).join(' ')}`);
    };
  }
});

afterEach(() => {
  Object.assign(console, real);
  expect(printed).toEqual([]);
});
