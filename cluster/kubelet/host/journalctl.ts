/** journalctl, of the kubelet's unit. */
import type { JournalEntry } from '../../machines.ts';
import type { Context, Machine, Program } from '../shell/box.ts';
import type { Run } from '../shell/coroutine.ts';
import { toBytes } from '../files/file-tree.ts';
import { journalOf, printed } from './journal.ts';
import { goOn } from './kubelet-service.ts';

const LOOK = 1000;
const LINES = 10;
const UNITS: Readonly<Record<string, number>> = {
  s: 1000,
  sec: 1000,
  second: 1000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  h: 3_600_000,
  hour: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
};

interface Asked {
  unit: string | undefined;
  lines: number | undefined;
  follow: boolean;
  reverse: boolean;
  since: number;
  until: number;
  problem?: string;
}

/** `5 min ago`, `-10m`, `2026-11-21 10:00:00`, `today`: milliseconds since 1970. */
function moment(text: string, now: number): number | undefined {
  if (text === 'now') return now;
  if (text === 'today') return now - (now % 86_400_000);
  if (text === 'yesterday') return now - (now % 86_400_000) - 86_400_000;
  const [, , amount, unit = ''] = /^(-)?(\d+)\s*([a-z]+?)s?(?: ago)?$/.exec(text) ?? [];
  const size = UNITS[unit];
  if (amount !== undefined && size !== undefined) return now - Number(amount) * size;
  if (/^\d{1,2}:\d\d(:\d\d)?$/.test(text))
    return Date.parse(`${new Date(now).toISOString().slice(0, 10)}T${text.length === 5 ? `${text}:00` : text}Z`);
  const at = Date.parse(`${text.replace(' ', 'T')}${/\d\d:\d\d/.test(text) ? 'Z' : 'T00:00:00Z'}`);
  return Number.isNaN(at) ? undefined : at;
}

function read({ argv, box }: Context): Asked {
  const asked: Asked = { unit: undefined, lines: undefined, follow: false, reverse: false, since: 0, until: Infinity };
  const words = argv
    .slice(1)
    .flatMap((word) =>
      /^--[a-z-]+=/.test(word) ? [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)] : [word],
    );
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const letters = /^-[a-zA-Z]/.test(word) ? word.slice(1) : '';
    const long = word.startsWith('--') ? word.slice(2) : '';
    const value = (rest: string): string => (rest !== '' ? rest : (words[++at] ?? ''));
    if (long === 'unit') asked.unit = value('');
    else if (long === 'lines') asked.lines = Number(value(''));
    else if (long === 'since' || long === 'until') {
      const given = value('');
      const found = moment(given, box.now());
      if (found === undefined) return { ...asked, problem: `Failed to parse timestamp: ${given}` };
      asked[long] = found;
    } else if (long === 'follow') asked.follow = true;
    else if (long === 'reverse') asked.reverse = true;
    else if (long === 'output' || long === 'priority' || long === 'grep' || long === 'identifier') value('');
    for (let index = 0; index < letters.length; index++) {
      const letter = letters.charAt(index);
      const rest = letters.slice(index + 1);
      if (letter === 'f') asked.follow = true;
      else if (letter === 'r') asked.reverse = true;
      else if (letter === 'e') asked.lines ??= 1000;
      else if (
        letter === 'u' ||
        letter === 'n' ||
        letter === 'o' ||
        letter === 'p' ||
        letter === 'S' ||
        letter === 'U'
      ) {
        const given = value(rest);
        if (letter === 'u') asked.unit = given;
        if (letter === 'n') asked.lines = Number(given);
        if (letter === 'S') asked.since = moment(given, box.now()) ?? 0;
        if (letter === 'U') asked.until = moment(given, box.now()) ?? Infinity;
        break;
      }
    }
  }
  return asked;
}

function entriesOf(context: Context, machine: Machine, { unit, since, until }: Asked): JournalEntry[] {
  if (unit !== undefined && !/^kubelet(\.service)?$/.test(unit)) return [];
  return journalOf(context.box, machine).filter(({ at }) => at >= since && at <= until);
}

export const JOURNALCTL: Readonly<Record<string, Program>> = {
  journalctl: function* run(context): Run {
    const { box, io } = context;
    const { machine } = box;
    if (machine === undefined) {
      io.stderr.write('No journal files were found.\n');
      return 1;
    }
    const asked = read(context);
    if (asked.problem !== undefined) {
      io.stderr.write(`${asked.problem}\n`);
      return 1;
    }
    goOn(box, machine);
    const print = (entries: readonly JournalEntry[]): void => {
      for (const entry of entries) io.stdout.write(toBytes(`${printed(entry, machine)}\n`));
    };
    const all = entriesOf(context, machine, asked);
    const lines = asked.lines ?? (asked.follow ? LINES : undefined);
    const shown = lines === undefined ? all : all.slice(-Math.max(lines, 0) || all.length);
    if (shown.length === 0) io.stdout.write('-- No entries --\n');
    print(asked.reverse ? shown.toReversed() : shown);
    let last = box.now();
    while (asked.follow) {
      if (context.pending('INT') !== undefined) return 130;
      yield { until: box.now() + LOOK, event: true };
      goOn(box, machine);
      const from = last;
      last = box.now();
      print(entriesOf(context, machine, { ...asked, since: from + 1 }));
    }
    return 0;
  },
};
