/** `semver('1.2.3')`. */
import { global, member, type Overload } from '../declarations.ts';
import { BOOL, INT, STRING, type Type } from '../types.ts';
import { CelError, Opaque, type Value } from '../values.ts';

const NAME = 'kubernetes.Semver';
const SEMVER: Type = { kind: 'struct', name: NAME, of: [] };

const compareParts = (a: bigint | string, b: bigint | string): number => {
  if (typeof a === 'bigint' && typeof b === 'string') return -1;
  if (typeof a === 'string' && typeof b === 'bigint') return 1;
  return a < b ? -1 : Number(a > b);
};

class SemverValue extends Opaque {
  readonly typeName = NAME;
  readonly text: string;
  readonly numbers: readonly bigint[];
  readonly pre: readonly (bigint | string)[];
  constructor(text: string, numbers: readonly bigint[], pre: readonly (bigint | string)[]) {
    super();
    this.text = text;
    this.numbers = numbers;
    this.pre = pre;
  }
  compare(other: SemverValue): number {
    for (const [i, number] of this.numbers.entries()) {
      const order = compareParts(number, other.numbers[i] ?? 0n);
      if (order !== 0) return order;
    }
    // a release is later than what came before it
    if (this.pre.length === 0 || other.pre.length === 0)
      return Number(other.pre.length > 0) - Number(this.pre.length > 0);
    for (const [i, part] of this.pre.entries()) {
      const its = other.pre[i];
      if (its === undefined) return 1;
      const order = compareParts(part, its);
      if (order !== 0) return order;
    }
    return this.pre.length < other.pre.length ? -1 : 0;
  }
  equals(other: Opaque): boolean {
    return other instanceof SemverValue && this.compare(other) === 0;
  }
  toString(): string {
    return this.text;
  }
}

const quoted = (text: string) => JSON.stringify(text);

function number(what: string, text: string): bigint | string {
  if (!/^\d*$/.test(text)) return `Invalid character(s) found in ${what.toLowerCase()} number ${quoted(text)}`;
  if (text.length > 1 && text.startsWith('0')) return `${what} number must not contain leading zeroes ${quoted(text)}`;
  if (text === '') return 'strconv.ParseUint: parsing "": invalid syntax';
  const value = BigInt(text);
  return value < 2n ** 64n ? value : `strconv.ParseUint: parsing ${quoted(text)}: value out of range`;
}

function parse(text: string): SemverValue | string {
  if (text === '') return 'Version string empty';
  const match = /^([^.]*)\.([^.]*)\.(.*)$/s.exec(text);
  if (!match) return 'No Major.Minor.Patch elements found';
  const [, major = '', minor = '', rest = ''] = match;
  const plus = rest.indexOf('+');
  const build = plus < 0 ? undefined : rest.slice(plus + 1).split('.');
  const release = plus < 0 ? rest : rest.slice(0, plus);
  const dash = release.indexOf('-');
  const pre = dash < 0 ? [] : release.slice(dash + 1).split('.');
  const numbers: bigint[] = [];
  for (const [what, part] of [
    ['Major', major],
    ['Minor', minor],
    ['Patch', dash < 0 ? release : release.slice(0, dash)],
  ] as const) {
    const value = number(what, part);
    if (typeof value === 'string') return value;
    numbers.push(value);
  }
  const parts: (bigint | string)[] = [];
  for (const part of pre) {
    if (part === '') return 'Prerelease is empty';
    if (/^\d+$/.test(part)) {
      if (part.length > 1 && part.startsWith('0')) {
        return `Numeric PreRelease version must not contain leading zeroes ${quoted(part)}`;
      }
      parts.push(BigInt(part));
    } else if (/^[0-9A-Za-z-]+$/.test(part)) parts.push(part);
    else return `Invalid character(s) found in prerelease ${quoted(part)}`;
  }
  for (const part of build ?? []) {
    if (part === '') return 'Build meta data is empty';
    if (!/^[0-9A-Za-z-]+$/.test(part)) return `Invalid character(s) found in build meta data ${quoted(part)}`;
  }
  return new SemverValue(text, numbers, parts);
}

/** `v1.02` is `1.2.0`. */
function parseTolerant(text: string): SemverValue | string {
  const [first = '', second, ...others] = text.replace(/^v/, '').split('.');
  const parts = [
    first,
    ...(second === undefined ? [] : [second]),
    ...(others.length > 0 ? [others.join('.')] : []),
  ].map((part) => (part.length > 1 ? part.replace(/^0+(?=\d)/, '').replace(/^0+(?!\d)/, '0') : part));
  if (parts.length < 3) {
    if (/[+-]/.test(parts.at(-1) ?? '')) return 'short version cannot contain PreRelease/Build meta data';
    while (parts.length < 3) parts.push('0');
  }
  return parse(parts.join('.'));
}

const read = (text: Value | undefined, normalize: Value | undefined) =>
  normalize === true ? parseTolerant(text as string) : parse(text as string);
const semver = ([text, normalize]: readonly Value[]): Value => {
  const version = read(text, normalize);
  return typeof version === 'string' ? new CelError(version) : version;
};
const isSemver = ([text, normalize]: readonly Value[]): Value => typeof read(text, normalize) !== 'string';
const compare = ([a, b]: readonly Value[]): number => (a as SemverValue).compare(b as SemverValue);
const at =
  (position: number) =>
  ([version]: readonly Value[]): Value =>
    (version as SemverValue).numbers[position] ?? 0n;

export const SEMVERS: readonly Overload[] = [
  global('semver', [STRING], SEMVER, semver),
  global('semver', [STRING, BOOL], SEMVER, semver),
  global('isSemver', [STRING], BOOL, isSemver),
  global('isSemver', [STRING, BOOL], BOOL, isSemver),
  member('isGreaterThan', [SEMVER, SEMVER], BOOL, (args) => compare(args) > 0),
  member('isLessThan', [SEMVER, SEMVER], BOOL, (args) => compare(args) < 0),
  member('compareTo', [SEMVER, SEMVER], INT, (args) => BigInt(compare(args))),
  member('major', [SEMVER], INT, at(0)),
  member('minor', [SEMVER], INT, at(1)),
  member('patch', [SEMVER], INT, at(2)),
];
