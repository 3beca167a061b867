/**
 * Mutation proof: the solved state with one thing in it otherwise. What breaks the task's demand has to cost points, what does
 * no harm must not. What the task demands is read from the solutions: everything that the first one wrote, but for what the
 * others did another way, what the API fills in by itself, and what scenario.yaml lists with its reason.
 */
import type { KubeObject } from '#cluster/api/types.ts';
import type { FileOptions } from '#grader/checks/file.ts';
import type { ClusterState, FoundFile, Scenario } from '#grader/types.ts';
import { changesOf, type ObjectChange } from './changes.ts';
import { Jury, verdictOf, type Verdict } from './judge.ts';
import { mutantsOf, type Mutant } from './mutants.ts';

export interface MutationInput {
  scenario: Scenario;
  jury: Jury;
  /** The cluster after as long as a solution takes, in which nothing was done. */
  idle: ClusterState;
  /** What each solution ended in; the first is the jury's. */
  solved: readonly ClusterState[];
  /** What each solution wrote into files. */
  files: readonly Readonly<Record<string, FoundFile>>[];
}

export interface MutationReport {
  right: number;
  judged: number;
  /** Mutants that scenario.yaml lists. */
  listed: number;
  /** Why it falls short, a line each. */
  reasons: string[];
}

type Counted = Pick<Mutant, 'name' | 'at' | 'breaks' | 'unlessFilledIn'>;

/** Lines of a file that are left out one by one. */
const MOST_LINES = 5;

export function proveMutations({ scenario, jury, idle, solved, files }: MutationInput): MutationReport {
  const report: MutationReport = { right: 0, judged: 0, listed: 0, reasons: [] };
  const used = new Set<string>();
  const filledIn = new Set<string>();
  const count = (mutant: Counted, judge: () => Verdict) => {
    if (mutant.unlessFilledIn !== undefined && filledIn.has(mutant.unlessFilledIn)) return;
    const listed = scenario.mutations.harmless.find(({ change }) => isMeant(change, mutant));
    if (listed) {
      used.add(listed.change);
      report.listed++;
      return;
    }
    const verdict = judge();
    if (verdict.judged === 'same') filledIn.add(mutant.name);
    if (verdict.judged === 'same' || verdict.judged === 'refused') return;
    report.judged++;
    if (verdict.judged === 'right') report.right++;
    else report.reasons.push(reasonOf(mutant, verdict.costs));
  };
  const [first, ...others] = solved;
  const resting = jury.copy();
  resting.advance(1);
  const whole = verdictOf(jury.report(resting), false);
  if (!first || whole.judged === 'wrong') {
    const costs = whole.judged === 'wrong' ? whole.costs.join(', ') : '';
    return { ...report, reasons: [`the solved cluster does not score full when it is copied: ${costs}`] };
  }
  const changes = changesOf(idle, first);
  for (const mutant of mutantsOf(changes, others)) count(mutant, () => jury.judge(mutant));
  for (const name of unrelated(changes)) {
    count({ name: `${name} besides`, at: name, breaks: false }, () => withUnrelated(jury, name));
  }
  for (const mutant of fileMutants(scenario, files)) {
    count(mutant, () => verdictOf(jury.report(resting, { ...files[0], [mutant.path]: mutant.found }), mutant.breaks));
  }
  for (const { change } of scenario.mutations.harmless) {
    if (!used.has(change)) report.reasons.push(`mutations.harmless: there is no mutant at ${JSON.stringify(change)}`);
  }
  return report;
}

function reasonOf({ name, breaks }: Pick<Mutant, 'name' | 'breaks'>, costs: readonly string[]): string {
  if (!breaks) return `costs points and does no harm: ${name} (${costs.join(', ')})`;
  return `costs nothing: ${name}; check it, have a solution that does it otherwise, or list it under mutations.harmless`;
}

/** `*` stands for anything; what is listed counts with everything below it. */
function isMeant(change: string, { at, name }: Pick<Mutant, 'at' | 'name'>): boolean {
  const pattern = change
    .split('*')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${pattern}($|[ .:\\[])`).test(at) || new RegExp(`^${pattern}$`).test(name);
}

/** Namespaces that the solution worked in. */
const unrelated = (changes: readonly ObjectChange[]): string[] => [
  ...new Set(
    changes.flatMap(({ is }) =>
      is?.metadata.namespace === undefined ? [] : [`ConfigMap ${is.metadata.namespace}/drydock-extra`],
    ),
  ),
];

function withUnrelated(jury: Jury, name: string): Verdict {
  const copy = jury.copy();
  const [namespace = '', object = ''] = (name.split(' ')[1] ?? '').split('/');
  const map: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: object, namespace } };
  try {
    copy.client('kubernetes-admin').create('configmaps', map);
  } catch {
    // the namespace is gone, or its quota has no room: nothing to be seen from that
    return { judged: 'refused' };
  }
  copy.advance(1000);
  return verdictOf(jury.report(copy), false);
}

interface FileMutant {
  name: string;
  at: string;
  breaks: boolean;
  path: string;
  found: FoundFile;
}

/** Whether each line of a file is asked for, and not only something in it. */
const countsLines = ({ checks }: Scenario, path: string): boolean =>
  checks.some(({ run: { kind, options } }) => {
    if (kind !== 'file') return false;
    const { file } = options as FileOptions;
    return file.path === path && (file.text !== undefined || file.lines !== undefined || file.list !== undefined);
  });

/** Column names, which may be there or not. */
const isHeader = (line: string): boolean => /[A-Z]/.test(line) && line === line.toUpperCase();

function fileMutants(scenario: Scenario, [first = {}]: readonly Readonly<Record<string, FoundFile>>[]): FileMutant[] {
  return Object.entries(first).flatMap(([path, found]): FileMutant[] => {
    if (!('text' in found)) return [];
    const lines = found.text.split('\n').filter((line) => line.trim() !== '');
    const at = `~/${path}`;
    const mutant = (name: string, breaks: boolean, text: string): FileMutant => ({
      name: `${at} ${name}`,
      at,
      breaks,
      path,
      found: { text },
    });
    return [
      { name: `${at} missing`, at, breaks: true, path, found: { missing: true, beside: [] } },
      mutant('empty', true, ''),
      ...(countsLines(scenario, path) ? lines.slice(0, MOST_LINES) : []).flatMap((line) => {
        const rest = lines.filter((other) => other !== line).join('\n');
        return isHeader(line) ? [] : [mutant(`without ${JSON.stringify(line)}`, true, rest)];
      }),
      mutant('with spaces and blank lines', false, `\n${lines.map((line) => `${line}  `).join('\n')}\n\n`),
    ];
  });
}
