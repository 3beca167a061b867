/** What lint asks of an explanation: its four parts in both languages, and where the page is. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../problem.ts';
import { isOpenInExam, OPEN_IN_EXAM } from '../schema.ts';
import type { Scenario, Text } from '../types.ts';

/** Headings of the parts, in their order: why, how to verify, the fast way under exam pressure, the page. */
export const PARTS: Readonly<Record<keyof Text, readonly string[]>> = {
  en: ['Why', 'How to verify', 'The fast way', 'Documentation'],
  ko: ['이유', '확인 방법', '빠른 방법', '문서'],
};
const LANGUAGES = ['en', 'ko'] as const;
/** Pages; a cluster's own addresses have no dot in them, or stand in backticks. */
const LINK = /https?:\/\/[^\s/)>\]`]+\.[^\s)>\]`]+/g;
const CODE = /`[^`]*`/g;

export function explanationProblems({ folder, explanation }: Scenario): Problem[] {
  const file = (language: keyof Text) => join(folder, `explanation.${language}.md`);
  if (explanation === undefined) {
    return LANGUAGES.filter((language) => !existsSync(file(language))).map((language) => ({
      file: file(language),
      line: 0,
      column: 0,
      message: `this file is missing: the explanation, with the headings ${headings(language)}`,
    }));
  }
  return LANGUAGES.flatMap((language) => proseProblems(explanation[language], file(language), language));
}

const headings = (language: keyof Text): string =>
  PARTS[language].map((part) => JSON.stringify(`## ${part}`)).join(', ');

function proseProblems(text: string, file: string, language: keyof Text): Problem[] {
  const lines = text.split('\n');
  const found = lines.flatMap((line, index) =>
    line.startsWith('## ') ? [{ title: line.slice(3).trim(), index }] : [],
  );
  const titles = found.map(({ title }) => title);
  if (titles.join('\n') !== PARTS[language].join('\n')) {
    const message = `expected the headings ${headings(language)} in this order, found ${titles.join(', ') || 'none'}`;
    return [{ file, line: (found[0]?.index ?? 0) + 1, column: 1, message }];
  }
  const empty = found.flatMap(({ title, index }, part): Problem[] => {
    const body = lines.slice(index + 1, found[part + 1]?.index);
    return body.some((line) => line.trim() !== '')
      ? []
      : [{ file, line: index + 1, column: 1, message: `${JSON.stringify(title)} is empty` }];
  });
  const links = lines.flatMap((line, index) => {
    const prose = line.replace(CODE, (code) => ' '.repeat(code.length));
    return [...prose.matchAll(LINK)].map((match) => ({ match, index }));
  });
  const closed = links.flatMap(({ match, index }): Problem[] =>
    isOpenInExam(match[0])
      ? []
      : [{ file, line: index + 1, column: match.index + 1, message: `${OPEN_IN_EXAM}, found ${match[0]}` }],
  );
  const page = found.at(-1);
  const linked = links.some(({ index }) => index > (page?.index ?? 0));
  const unlinked: Problem[] = linked
    ? []
    : [{ file, line: (page?.index ?? 0) + 1, column: 1, message: 'name the page with its address' }];
  return [...empty, ...closed, ...unlinked];
}
