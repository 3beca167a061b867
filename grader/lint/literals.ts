/** What checks demand in so many words, and whether the task says it: a learner can't guess a name or a number. */
import { join } from 'node:path';
import { parse } from 'yaml';
import { parseQuantity } from '#cluster/api/quantity.ts';
import { isMap } from '../paths.ts';
import type { Problem } from '../problem.ts';
import type { CheckSpec, Scenario, Text } from '../types.ts';

/** Beside what the learner writes: what the cluster reports of it, and what says only of which kind it is. */
const NOT_WRITTEN: ReadonlySet<string> = new Set(['status', 'kind', 'apiVersion']);
const LANGUAGES = ['en', 'ko'] as const;
const NAMES = { en: 'English', ko: 'Korean' } as const;

interface Literal {
  check: CheckSpec;
  text: string;
}

/** Parts of a check's options that name what the learner has to write. */
interface Demanding {
  object?: { kind: string; name: string; namespace?: string };
  expect?: unknown;
  list?: { where?: unknown };
  file?: { path: string };
}

/** Names, numbers and amounts in `expect` and `where`, names of objects and files. Whoever finds something out is told nothing of it. */
function literalsOf(check: CheckSpec): Literal[] {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const entry of value) visit(entry);
    else if (isMap(value)) {
      for (const [name, inner] of Object.entries(value)) if (!NOT_WRITTEN.has(name)) visit(inner);
    } else if (typeof value === 'number' || (typeof value === 'string' && value !== '')) found.add(String(value));
  };
  const { object, expect, list, file } = check.run.options as Demanding;
  if (object) visit([object.name, object.namespace ?? '']);
  visit(object?.kind === 'Secret' ? decoded(expect) : expect);
  visit(list?.where);
  visit(file?.path);
  return [...found].map((text) => ({ check, text }));
}

/** A Secret's data as people write it. */
function decoded(expect: unknown): unknown {
  if (!isMap(expect) || !isMap(expect['data'])) return expect;
  const data = Object.entries(expect['data']).map(([key, value]) => [
    key,
    Buffer.from(String(value), 'base64').toString(),
  ]);
  return { ...expect, data: Object.fromEntries(data) as unknown };
}

/** All that the learner is given: the manifests of the set-up and the files of the home. */
const givenIn = ({ setup, home, nodes }: Scenario): string =>
  [JSON.stringify(setup), ...Object.keys(home), ...Object.values(home), ...nodes, ...BOOTSTRAP].join('\n');

/** What is in every cluster. */
const BOOTSTRAP = [
  'default',
  'kube-system',
  'kube-public',
  'coredns',
  'kube-apiserver-controlplane',
  'kube-scheduler-controlplane',
  'kube-controller-manager-controlplane',
  'etcd-controlplane',
  'kube-proxy',
];

/** As people write it: in whole words, amounts in any unit. */
function says(prose: string, text: string): boolean {
  if (prose.toLowerCase().includes(text.toLowerCase())) return true;
  const amount = parseQuantity(text);
  if (amount) {
    for (const word of prose.match(/\d[\d.]*(?:[mkMGTPE]i?|Ki)?/g) ?? []) {
      if (parseQuantity(word)?.cmp(amount) === 0) return true;
    }
    return isCounted(prose, text);
  }
  // a sentence is said when its words are
  const words = text.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 2);
  return words.length > 2 && words.every((word) => prose.toLowerCase().includes(word.toLowerCase()));
}

const NUMBERS: Readonly<Record<string, RegExp>> = {
  0: /\b(no|none|zero)\b|없/i,
  1: /\b(a|an|one|single|once)\b|하나|한 /i,
  2: /\b(two|both|twice)\b|두 |둘|양쪽/i,
  3: /\bthree\b|세 |셋/i,
  4: /\bfour\b|네 |넷/i,
  5: /\bfive\b|다섯/i,
};
const isCounted = (prose: string, text: string): boolean => NUMBERS[text]?.test(prose) === true;

/** A word of Kubernetes that the API knows as a choice: a task says it in other words. */
const isWordOfTheApi = (text: string): boolean =>
  /^[A-Z][A-Za-z]+$/.test(text) || text.includes('.k8s.io') || /^[a-z]+\.[a-z.]+\/[a-z]/.test(text);

export function literalProblems(scenario: Scenario): Problem[] {
  const given = givenIn(scenario);
  return scenario.checks.flatMap((check) =>
    literalsOf(check).flatMap(({ text }): Problem[] => {
      if (isWordOfTheApi(text) || given.includes(text)) return [];
      const missing = LANGUAGES.filter((language) => !says(scenario.task[language], text));
      return missing.map((language) => ({
        file: join(scenario.folder, `task.${language}.md`),
        line: 0,
        column: 0,
        level: 'warning',
        message: `the check ${JSON.stringify(check.id)} demands ${JSON.stringify(text)}, and the ${NAMES[language]} task does not say so`,
      }));
    }),
  );
}

const BACKTICKS = /`([^`\n]+)`/g;

/** Names in backticks that neither a check nor what is given knows: a demand that nobody looks at, or a slip. */
export function uncoveredProblems(scenario: Scenario): Problem[] {
  const known = `${JSON.stringify(scenario.checks)}\n${givenIn(scenario)}\n${Object.values(sentences(scenario)).join('\n')}`;
  const file = join(scenario.folder, 'task.en.md');
  return scenario.task.en.split('\n').flatMap((line, index) =>
    [...line.matchAll(BACKTICKS)].flatMap((match): Problem[] => {
      const [, name = ''] = match;
      // a command or a state that the story tells of is no demand
      if (isKnown(known, name) || isWordOfTheApi(name) || /^(kubectl|helm|ssh|nslookup|curl|wget)\b/.test(name))
        return [];
      const message = `no check looks at ${JSON.stringify(name)}, and the set-up does not know it`;
      return [{ file, line: index + 1, column: match.index + 1, level: 'warning', message }];
    }),
  );
}

const sentences = ({ checks }: Scenario): string[] => checks.map(({ sentence }: { sentence: Text }) => sentence.en);

function isKnown(known: string, name: string): boolean {
  if (known.includes(name)) return true;
  const amount = parseQuantity(name);
  if (
    amount &&
    (known.match(/\d[\d.]*(?:[mkMGTPE]i?|Ki)?/g) ?? []).some((word) => parseQuantity(word)?.cmp(amount) === 0)
  )
    return true;
  // key=value:effect, ~/path, kubectl words: known when each of their parts is
  const parts = name.split(/[\s=:,/~]+/).filter((part) => part !== '');
  return parts.length > 0 && parts.every((part) => known.includes(part) || isValueOf(known, part));
}

/** `true` and `3` stand in JSON without quotes; anything YAML reads as the same. */
const isValueOf = (known: string, part: string): boolean => {
  try {
    return known.includes(JSON.stringify(parse(part)));
  } catch {
    // no YAML by itself, so it is nowhere as a value either
    return false;
  }
};
