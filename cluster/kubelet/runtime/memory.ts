/** What a container's processes hold in memory, and what happens when that is more than it may. */
import { parseQuantity } from '../../api/quantity.ts';
import type { Program } from '../shell/box.ts';
import type { Run } from '../shell/coroutine.ts';

/** Bytes of the memory limit; Infinity: none. */
export const limitOf = ({ limits }: { limits?: Record<string, string> }): number => {
  const limit = limits?.['memory'];
  return limit === undefined ? Infinity : (parseQuantity(limit)?.value() ?? Infinity);
};

/** Thrown through a process that the kernel kills because its container is out of memory. */
export class OutOfMemory extends Error {
  constructor() {
    super('Killed');
  }
}

/** Bytes from which on it is worth a look at what the node has. */
const MUCH = 2 ** 20;

export interface Around {
  /** Bytes in the container's volumes that are kept in memory. */
  inVolumes(): number;
  /** Bytes that the node has left. */
  room(): number;
  /** Told when a container has taken much. */
  grown(): void;
}

export class Memory {
  /** Bytes. */
  limit: number;
  /** Bytes that programs hold beside what lies in memory volumes. */
  held = 0;
  readonly #around: Around;

  constructor(limit: number, around: Around) {
    this.limit = limit;
    this.#around = around;
  }
  get used(): number {
    return this.held + this.#around.inVolumes();
  }
  /** More is needed. @throws OutOfMemory */
  take(bytes: number): void {
    this.check(bytes);
    this.held += bytes;
    if (bytes >= MUCH) this.#around.grown();
  }
  /** Would more fit? @throws OutOfMemory */
  check(bytes: number): void {
    if (this.used + bytes > this.limit) throw new OutOfMemory();
    if (bytes >= MUCH && bytes > this.#around.room()) throw new OutOfMemory();
  }
  give(bytes: number): void {
    this.held = Math.max(0, this.held - bytes);
  }
}

const UNITS: Record<string, number> = { b: 1, k: 2 ** 10, K: 2 ** 10, m: 2 ** 20, M: 2 ** 20, g: 2 ** 30, G: 2 ** 30 };
function bytesOf(text: string | undefined, otherwise: number): number {
  const [, number, unit = 'b'] = /^(\d+(?:\.\d+)?)([bkKmMgG])?(?:i?B)?$/.exec(text ?? '') ?? [];
  return number === undefined ? (parseQuantity(text ?? '')?.value() ?? otherwise) : Number(number) * (UNITS[unit] ?? 1);
}
function option(argv: readonly string[], ...names: string[]): string | undefined {
  const at = argv.findIndex((word) => names.includes(word));
  if (at !== -1) return argv[at + 1];
  const joined = argv.find((word) => names.some((name) => word.startsWith(`${name}=`)));
  return joined?.slice(joined.indexOf('=') + 1);
}

/** Bytes that programs hold which people run to use up memory. */
const APPETITES: Readonly<Record<string, (argv: readonly string[]) => number>> = {
  // reads on for a line's end that never comes
  tail: (argv) => (argv.some((word) => /^\/dev\/(zero|urandom|random)$/.test(word)) ? Infinity : 0),
  sort: (argv) => (argv.some((word) => /^\/dev\/(zero|urandom|random)$/.test(word)) ? Infinity : 0),
  dd: (argv) => bytesOf(option(argv, 'bs') ?? argv.find((word) => word.startsWith('bs='))?.slice(3), 512),
  stress: (argv) => {
    const total = option(argv, '-mem-total', '--mem-total');
    if (total !== undefined) return bytesOf(total, 0);
    const workers = Number(option(argv, '-m', '--vm') ?? 0);
    return workers === 0 ? 0 : workers * bytesOf(option(argv, '--vm-bytes'), 256 * 2 ** 20);
  },
};
const ALIASES: Readonly<Record<string, string>> = { 'stress-ng': 'stress' };

/** The same programs, which take what they hold from the memory of the container they run in. */
export function hungry(programs: ReadonlyMap<string, Program>): Map<string, Program> {
  const all = new Map(programs);
  for (const [name, program] of programs) {
    const appetite = APPETITES[ALIASES[name] ?? name];
    if (appetite === undefined) continue;
    all.set(name, function* eats(context): Run {
      const { memory } = context.box;
      if (memory === undefined) return yield* program(context);
      const bytes = appetite(context.argv);
      const target = name === 'dd' ? context.argv.find((word) => word.startsWith('of='))?.slice(3) : undefined;
      const count = Number(context.argv.find((word) => word.startsWith('count='))?.slice(6) ?? 1);
      if (target !== undefined && context.box.files.isInMemory(target, context.cwd)) memory.check(bytes * count);
      memory.take(bytes);
      try {
        return yield* program(context);
      } finally {
        memory.give(bytes);
      }
    });
  }
  return all;
}
