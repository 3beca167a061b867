/** The time. */
import type { Program } from '../shell/box.ts';
import { instant, type Tool } from './tool.ts';

const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

const MONTHS = 'January February March April May June July August September October November December'.split(' ');

export function formatDate(ms: number, format: string): string {
  const date = new Date(ms);
  const two = (value: number) => String(value).padStart(2, '0');
  const [day = '', month = ''] = [DAYS[date.getUTCDay()], MONTHS[date.getUTCMonth()]];
  const parts: Record<string, () => string> = {
    Y: () => String(date.getUTCFullYear()),
    y: () => two(date.getUTCFullYear() % 100),
    m: () => two(date.getUTCMonth() + 1),
    d: () => two(date.getUTCDate()),
    e: () => String(date.getUTCDate()).padStart(2),
    H: () => two(date.getUTCHours()),
    I: () => two(date.getUTCHours() % 12 || 12),
    M: () => two(date.getUTCMinutes()),
    S: () => two(date.getUTCSeconds()),
    N: () => `${String(date.getUTCMilliseconds()).padStart(3, '0')}000000`,
    s: () => String(Math.floor(ms / 1000)),
    Z: () => 'UTC',
    z: () => '+0000',
    p: () => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
    a: () => day.slice(0, 3),
    A: () => day,
    b: () => month.slice(0, 3),
    h: () => month.slice(0, 3),
    B: () => month,
    j: () => String(Math.floor((ms - Date.UTC(date.getUTCFullYear(), 0)) / 86_400_000) + 1).padStart(3, '0'),
    u: () => String(date.getUTCDay() || 7),
    n: () => '\n',
    t: () => '\t',
    '%': () => '%',
  };
  const expanded = format
    .replace(/%F/g, '%Y-%m-%d')
    .replace(/%T/g, '%H:%M:%S')
    .replace(/%R/g, '%H:%M')
    .replace(/%D/g, '%m/%d/%y')
    .replace(/%c/g, '%a %b %e %H:%M:%S %Y');
  return expanded.replace(/%(-?)(.)/g, (all, bare: string, letter: string) => {
    const text = parts[letter]?.() ?? all;
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
