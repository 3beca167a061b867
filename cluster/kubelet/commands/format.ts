/** Templates of printf: directives with flags, width and precision, as C has them. */

const ESCAPES: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  e: '\x1b',
};

export const unescaped = (text: string): string =>
  text.replace(/\\(x[0-9a-fA-F]{1,2}|0?[0-7]{1,3}|[\s\S])/g, (all, code: string) => {
    if (code.startsWith('x')) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8) & 255);
    return ESCAPES[code] ?? all;
  });

/** `%.6g` of C. */
export function general(value: number, precision: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  if (value === 0) return '0';
  const digits = Math.max(precision, 1);
  const exponent = Math.floor(Math.log10(Math.abs(Number(value.toPrecision(digits)))));
  if (exponent < -4 || exponent >= digits) {
    const [significant = '', power = ''] = value.toExponential(digits - 1).split('e');
    return `${significant.includes('.') ? significant.replace(/\.?0+$/, '') : significant}${exponentText(power)}`;
  }
  const fixed = value.toFixed(Math.max(digits - 1 - exponent, 0));
  return fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed;
}
const exponentText = (power: string): string =>
  `e${power.startsWith('-') ? '-' : '+'}${power.replace(/^[-+]/, '').padStart(2, '0')}`;

const DIRECTIVE = /%([-+ 0#']*)(\d+|\*)?(?:\.(\d*|\*))?(?:hh|h|ll|l|q|j|z|t|L)?([sdiuxXocfFeEgGbaq%])/g;
const FLOAT = /^\s*[-+]?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?|inf(?:inity)?|nan)$/i;
/** Columns and digits that a directive may ask for. */
const WIDEST = 4096;

/** What a number's text stands for; a quote before a letter is the letter's code. */
const numberOf = (text: string): number => {
  if (/^['"]/.test(text)) return text.charCodeAt(1) || 0;
  const trimmed = text.trim();
  const octal = /^([-+]?)0([0-7]+)$/.exec(trimmed);
  if (octal) return Number.parseInt(`${octal[1]}${octal[2]}`, 8);
  return Number(/^[-+]?(?:0[xX][0-9a-fA-F]+|\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+)/.exec(trimmed)?.[0] ?? 0) || 0;
};
const whole = (value: number, base: number): string =>
  (value < 0 && base !== 10
    ? 2n ** 64n + BigInt(Math.trunc(value))
    : BigInt(Math.trunc(Number.isFinite(value) ? value : 0))
  ).toString(base);

function directed(given: string | number, kind: string, flags: string, precision: number | undefined): string {
  const number = typeof given === 'number' ? given : numberOf(given);
  const value = typeof given === 'string' ? given : Number.isInteger(given) ? String(given) : general(given, 6);
  const signed = (text: string) =>
    number < 0 || text.startsWith('-')
      ? text
      : flags.includes('+')
        ? `+${text}`
        : flags.includes(' ')
          ? ` ${text}`
          : text;
  const digits = (text: string) =>
    text.startsWith('-') ? `-${text.slice(1).padStart(precision ?? 1, '0')}` : text.padStart(precision ?? 1, '0');
  switch (kind) {
    case 'd':
    case 'i':
      return signed(digits(whole(number, 10)));
    case 'u':
      return digits(number < 0 ? String(2n ** 64n + BigInt(Math.trunc(number))) : whole(number, 10));
    case 'x':
    case 'X': {
      const text = (flags.includes('#') && number !== 0 ? '0x' : '') + digits(whole(number, 16));
      return kind === 'X' ? text.toUpperCase() : text;
    }
    case 'o':
      return (flags.includes('#') ? '0' : '') + digits(whole(number, 8));
    case 'c':
      return typeof given === 'number' ? String.fromCharCode(given & 255) : value.charAt(0);
    case 'f':
    case 'F':
      return signed(number.toFixed(Math.min(precision ?? 6, 100)));
    case 'e':
    case 'E': {
      const [significant = '', power = ''] = number.toExponential(Math.min(precision ?? 6, 100)).split('e');
      const text = signed(significant + exponentText(power));
      return kind === 'E' ? text.toUpperCase() : text;
    }
    case 'g':
    case 'G':
      return signed(general(number, precision ?? 6));
    case 'b':
      return unescaped(value);
    case 'q':
      return /^[\w./-]+$/.test(value) ? value : `'${value}'`;
    default:
      return precision === undefined ? value : value.slice(0, precision);
  }
}

export type FormatFault =
  /** A number that is none counts as 0; one that only begins as one is that much. */
  | { kind: 'number'; value: string; isPartly: boolean }
  /** `rest`: the template from there on. */
  | { kind: 'directive'; directive: string; rest: string };

/**
 * The template filled, as a program or a shell does it: it understands backslashes and is used again while there are values.
 * `hexadecimal`: it knows `\x41`; `quotes`: it knows `%q`.
 */
export function printf(
  template: string,
  values: readonly string[],
  { hexadecimal = true, quotes = true } = {},
): { text: string; faults: readonly FormatFault[] } {
  const faults: FormatFault[] = [];
  const rest = [...values];
  let out = '';
  let before: number;
  const plain = (text: string) => (hexadecimal ? unescaped(text) : unescaped(text.replace(/\\(?=x)/g, '\\\\')));
  do {
    before = rest.length;
    for (let at = 0; at < template.length;) {
      const next = template.indexOf('%', at);
      out += plain(template.slice(at, next === -1 ? template.length : next));
      if (next === -1) break;
      DIRECTIVE.lastIndex = next;
      const match = DIRECTIVE.exec(template);
      const kind = match?.[4] ?? '';
      if (match === null || match.index !== next || kind === 'a' || (kind === 'q' && !quotes)) {
        const [directive = '%'] = /^%[-+ 0#']*\d*(?:\.\d*)?[hlqjztL]*.?/s.exec(template.slice(next)) ?? [];
        faults.push({ kind: 'directive', directive, rest: `%${template.slice(next).replace(/^%[hlLjzt]*/, '')}` });
        return { text: out, faults };
      }
      out += filled(match, rest, faults);
      at = DIRECTIVE.lastIndex;
    }
    // the template is used again while it takes values: one without a directive it knows would never end
  } while (rest.length > 0 && rest.length < before);
  return { text: out, faults };
}

/** One directive; takes its values off the list. */
function filled(
  [, given = '', width, exact, kind = '']: RegExpExecArray,
  rest: (string | number)[],
  faults?: FormatFault[],
): string {
  if (kind === '%') return '%';
  let flags = given;
  let columns = Number(width === '*' ? (rest.shift() ?? 0) : (width ?? 0)) || 0;
  if (columns < 0) {
    flags += '-';
    columns = -columns;
  }
  columns = Math.min(columns, WIDEST);
  const precision =
    exact === undefined ? undefined : Math.min(Number(exact === '*' ? (rest.shift() ?? 0) : exact || 0), WIDEST);
  const value = rest.shift() ?? '';
  if (faults && typeof value === 'string' && value !== '' && /[diuxXofFeEgG]/.test(kind)) {
    const isNumber =
      /^\s*(?:['"].?|[-+]?(?:0[xX][\da-fA-F]+|\d+))$/.test(value) || (/[fFeEgG]/.test(kind) && FLOAT.test(value));
    if (!isNumber) faults.push({ kind: 'number', value, isPartly: /^\s*[-+]?\d/.test(value) });
  }
  const shown = directed(value, kind, flags, precision);
  if (flags.includes('-')) return shown.padEnd(columns);
  const zeroes = flags.includes('0') && !'scbq'.includes(kind) && !(precision !== undefined && 'diuxXo'.includes(kind));
  if (!zeroes) return shown.padStart(columns);
  const sign = /^[-+ ]/.exec(shown)?.[0] ?? '';
  return sign + shown.slice(sign.length).padStart(columns - sign.length, '0');
}

/** The template filled once, inside of awk, which has read the backslashes itself. */
export function format(template: string, values: readonly (string | number)[]): string {
  const rest = [...values];
  let out = '';
  let at = 0;
  for (const match of template.matchAll(DIRECTIVE)) {
    out += template.slice(at, match.index) + filled(match, rest);
    at = match.index + match[0].length;
  }
  return out + template.slice(at);
}
