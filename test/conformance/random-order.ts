/**
 * What kubectl or a container runtime prints in an order of its own each time: lines from a Go map, from calls made side by
 * side, from two streams. Two recordings that agree do so by chance, and no cluster can answer them the same each time; so
 * both sides are put into one order before they are compared, line for line and nothing else.
 */

/** Puts each run of neighbouring lines of which `apart` is true into the order of their letters. */
function sortedRuns(lines: readonly string[], apart: (line: string) => boolean): string[] {
  const sorted: string[] = [];
  let run: string[] = [];
  for (const line of lines) {
    if (apart(line)) {
      run.push(line);
      continue;
    }
    sorted.push(...run.toSorted(), line);
    run = [];
  }
  return [...sorted, ...run.toSorted()];
}

/** drain collects what speaks against it in a map by reason (kubectl pkg/drain/filters.go, `errors`). */
const REFUSALS = /(?<=due to error: \[)[^\n]*?(?=\], continuing command)/g;
const ONE_REFUSAL = /, (?=cannot delete )/;
/** It evicts pods side by side, and each says so when its turn comes. */
const EVICTIONS = /^(?:evicting pod \S+|pod\/\S+ (?:evicted|deleted)|cannot delete .*)$/;

const drained = (text: string): string =>
  sortedRuns(text.replace(REFUSALS, (all) => all.split(ONE_REFUSAL).toSorted().join(', ')).split('\n'), (line) =>
    EVICTIONS.test(line),
  ).join('\n');

/** describe takes the resources of a LimitRange, also within its namespace, from a set: seven columns of one type. */
const LIMIT = /^\s*(?:Container|Pod|PersistentVolumeClaim)(?:\s+\S+){6}$/;

const described = (text: string): string => sortedRuns(text.split('\n'), (line) => LIMIT.test(line)).join('\n');

/** `[pod/NAME/CONTAINER] `: logs of several containers are taken from a map (kubectl pkg/cmd/logs, `sequentialConsumeRequest`). */
const ORIGIN = /^\[pod\/\S+\] /;
/** A shell's complaint goes to its error stream, which the container runtime reads beside its output: either may be first. */
const COMPLAINT = /^(?:\[pod\/\S+\] )?(?:\/bin\/)?(?:ba)?sh: /;

function logged(text: string): string {
  const lines = text.split('\n');
  const complaints = lines.filter((line) => COMPLAINT.test(line));
  const output = lines.filter((line) => !COMPLAINT.test(line));
  const originOf = (line: string) => ORIGIN.exec(line)?.[0] ?? '';
  return [...output, ...complaints].toSorted((a, b) => originOf(a).localeCompare(originOf(b))).join('\n');
}

const ORDERED: readonly (readonly [command: RegExp, ordered: (text: string) => string])[] = [
  [/\bkubectl (?:-n \S+ )?drain /, drained],
  [/\bkubectl (?:-n \S+ )?describe /, described],
  [/\bkubectl (?:-n \S+ )?logs /, logged],
];

/** The output of a command with what has no order of its own in one order. */
export const inOneOrder = (command: string, text: string): string =>
  ORDERED.filter(([pattern]) => pattern.test(command)).reduce((current, [, ordered]) => ordered(current), text);

interface Named {
  metadata?: { name?: string };
}
/** What a name drawn at random, or hashed from a time, has become in a comparable object. */
const DRAWN_NAME = /<hash>|<rand>/;

/** A list is sorted by name: objects whose names are drawn come in any order. */
export function listInOneOrder(objects: unknown): unknown {
  if (!Array.isArray(objects)) return objects;
  if (!(objects as Named[]).some((object) => DRAWN_NAME.test(object.metadata?.name ?? ''))) return objects;
  const texts = objects.map((object) => JSON.stringify(object));
  return texts.toSorted().map((text) => JSON.parse(text) as unknown);
}
