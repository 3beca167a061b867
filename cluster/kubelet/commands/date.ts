/** The time. */
import type { Program } from '../shell/box.ts';
import { instant, type Tool } from './tool.ts';

const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

const MONTHS = 'January February March April May June July August September October November December'.split(' ');

const two = (value: number) => String(value).padStart(2, '0');
const dayOf = (date: Date): string => DAYS[date.getUTCDay()] ?? '';
const monthOf = (date: Date): string => MONTHS[date.getUTCMonth()] ?? '';
const PARTS: Readonly<Record<string, (date: Date) => string>> = {
  Y: (date) => String(date.getUTCFullYear()),
  y: (date) => two(date.getUTCFullYear() % 100),
  m: (date) => two(date.getUTCMonth() + 1),
  d: (date) => two(date.getUTCDate()),
  e: (date) => String(date.getUTCDate()).padStart(2),
  H: (date) => two(date.getUTCHours()),
  I: (date) => two(date.getUTCHours() % 12 || 12),
  M: (date) => two(date.getUTCMinutes()),
  S: (date) => two(date.getUTCSeconds()),
  N: (date) => `${String(date.getUTCMilliseconds()).padStart(3, '0')}000000`,
  s: (date) => String(Math.floor(date.getTime() / 1000)),
  Z: () => 'UTC',
  z: () => '+0000',
  p: (date) => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
  a: (date) => dayOf(date).slice(0, 3),
  A: dayOf,
  b: (date) => monthOf(date).slice(0, 3),
  h: (date) => monthOf(date).slice(0, 3),
  B: monthOf,
  j: (date) =>
    String(Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0)) / 86_400_000) + 1).padStart(3, '0'),
  u: (date) => String(date.getUTCDay() || 7),
  n: () => '\n',
  t: () => '\t',
  '%': () => '%',
};

export function formatDate(ms: number, format: string): string {
  const date = new Date(ms);
  const expanded = format
    .replace(/%F/g, '%Y-%m-%d')
    .replace(/%T/g, '%H:%M:%S')
    .replace(/%R/g, '%H:%M')
    .replace(/%D/g, '%m/%d/%y')
    .replace(/%c/g, '%a %b %e %H:%M:%S %Y');
  return expanded.replace(/%(-?)(.)/g, (all, bare: string, letter: string) => {
    const text = PARTS[letter]?.(date) ?? all;
    return bare === '' ? text : text.replace(/^0+(?=\d)/, '');
  });
}

function date(tool: Tool): void {
  const format = tool.operands.find((word) => word.startsWith('+'));
  const given = tool.values.get('d') ?? tool.values.get('date');
  const at =
    given === undefined
      ? tool.box.now()
      : /^@\d+$/.test(given)
        ? Number(given.slice(1)) * 1000
        : Date.parse(given.includes('T') || given.includes('Z') ? given : `${given}Z`);
  if (Number.isNaN(at)) {
    tool.problem(`invalid date '${given}'`);
    return;
  }
  if (tool.has('I', 'iso-8601')) tool.out(`${formatDate(at, '%Y-%m-%d')}\n`);
  else if (tool.has('R')) tool.out(`${formatDate(at, '%a, %d %b %Y %H:%M:%S +0000')}\n`);
  else tool.out(`${formatDate(at, format === undefined ? '%a %b %e %H:%M:%S UTC %Y' : format.slice(1))}\n`);
}

export const DATE: Readonly<Record<string, Program>> = {
  date: instant(date, 'd', ['date']),
  uptime: instant((tool) =>
    tool.out(` ${formatDate(tool.box.now(), '%T')} up 1 day,  2:03,  0 users,  load average: 0.08, 0.05, 0.01\n`),
  ),
};
