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

/**
 * The template filled. As a program it understands backslashes and is used again while there are values; `once`: inside of awk, which has
 * read the backslashes itself.
 */
export function format(template: string, values: readonly (string | number)[], once = false): string {
  const rest = [...values];
  const text = once ? template : unescaped(template);
  let out = '';
  let before: number;
  do {
    before = rest.length;
    out += text.replace(
      DIRECTIVE,
      (_all, given: string, width: string | undefined, exact: string | undefined, kind: string) => {
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
        const shown = directed(rest.shift() ?? '', kind, flags, precision);
        if (flags.includes('-')) return shown.padEnd(columns);
        const zeroes =
          flags.includes('0') && !'scbq'.includes(kind) && !(precision !== undefined && 'diuxXo'.includes(kind));
        if (!zeroes) return shown.padStart(columns);
        const sign = /^[-+ ]/.exec(shown)?.[0] ?? '';
        return sign + shown.slice(sign.length).padStart(columns - sign.length, '0');
      },
    );
    // the template is used again while it takes values: one without a directive it knows would never end
    if (once) break;
  } while (rest.length > 0 && rest.length < before);
  return out;
}
