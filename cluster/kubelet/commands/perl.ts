/** perl: the one-liners of the documentation (pi to so many digits, `print`, `sleep`). Anything else it says it can't run here. */
import type { Context } from '../shell/box.ts';
import { readAll, untilTime, type Run } from '../shell/coroutine.ts';

/** Digits that are worth waiting for. */
const MOST_DIGITS = 20_000;

/** By Machin's formula: pi = 16 arctan(1/5) - 4 arctan(1/239), with ten digits to spare for the rounding. */
export function piDigits(digits: number): string {
  const unit = 10n ** BigInt(digits + 10);
  const arctan = (inverse: bigint): bigint => {
    let term = unit / inverse;
    let sum = term;
    const square = inverse * inverse;
    for (let odd = 3n, sign = -1n; term !== 0n; odd += 2n, sign = -sign) {
      term /= square;
      sum += (sign * term) / odd;
    }
    return sum;
  };
  const pi = 16n * arctan(5n) - 4n * arctan(239n);
  // of so many digits the first stands before the point
  const rounded = (pi + 5n * 10n ** 10n) / 10n ** 11n;
  const text = String(rounded);
  return digits <= 1 ? text : `${text.charAt(0)}.${text.slice(1)}`;
}

const unquoted = (text: string): string =>
  text.replace(/\\(.)/g, (_all, code: string) => ({ n: '\n', t: '\t', r: '\r' })[code] ?? code);

export function* perlProgram(context: Context): Run {
  const { io, argv, env, box } = context;
  let script: string | undefined;
  let newline = false;
  for (let at = 1; at < argv.length; at++) {
    const word = argv[at] ?? '';
    if (word === '-v' || word === '--version') {
      io.stdout.write('\nThis is perl 5, version 42, subversion 0 (v5.42.0) built for x86_64-linux-gnu\n');
      return 0;
    }
    if (word.startsWith('-M')) continue;
    if (word === '-de0') return (yield* readAll(io.stdin)) === '' ? 0 : cannot(context);
    if (!/^-[a-zA-Z]+$/.test(word)) break;
    newline ||= word.includes('l');
    if (/e$/i.test(word)) script = argv[++at] ?? '';
  }
  if (script === undefined) return cannot(context);
  for (const statement of script.split(';').map((one) => one.trim())) {
    if (statement === '' || /^use \w+/.test(statement) || /^\$\|\s*(\+\+|=\s*1)$/.test(statement)) continue;
    const [, digits] = /^print bpi\(?\s*(\d+)\s*\)?$/.exec(statement) ?? [];
    const [, double, single] = /^print\s*\(?\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)')\s*\)?$/.exec(statement) ?? [];
    const [, seconds] = /^sleep\s*\(?\s*(\d+)\s*\)?$/.exec(statement) ?? [];
    const [, code] = /^exit\s*\(?\s*(\d*)\s*\)?$/.exec(statement) ?? [];
    if (digits !== undefined && Number(digits) <= MOST_DIGITS)
      io.stdout.write(`${piDigits(Number(digits))}${newline ? '\n' : ''}`);
    else if (double !== undefined || single !== undefined) {
      const text = double === undefined ? (single ?? '') : unquoted(double);
      io.stdout.write(
        `${text.replace(/\$ENV\{["']?(\w+)["']?\}/g, (_all, name: string) => env.get(name) ?? '')}${newline ? '\n' : ''}`,
      );
    } else if (seconds !== undefined) yield* untilTime(() => box.now(), box.now() + Number(seconds) * 1000);
    else if (code !== undefined) return Number(code);
    else return cannot(context);
  }
  return 0;
}
function cannot({ io, argv }: Context): number {
  io.stderr.write(`${argv[0]}: can't run this script here: the simulated cluster has no Perl\n`);
  return 255;
}
