/** `format` of a schema: which ones the API server checks, and how. From kube-openapi's strfmt. */
import { isIPv4, isIPv6 } from 'node:net';
import { RE2JS } from 're2js';
import { parseRequestUri } from '../../api/go-url.ts';

const shape = (pattern: string, flags = 0) => {
  const compiled = RE2JS.compile(pattern, flags);
  return (text: string): boolean => compiled.matcher(text).find();
};
const insensitive = RE2JS.CASE_INSENSITIVE;

const HEX4 = '[0-9a-f]{4}-?';
const uuid = (version: string, variant = HEX4) =>
  shape(`^[0-9a-f]{8}-?${HEX4}${version}${variant}[0-9a-f]{12}$`, insensitive);

const hostnameShape = shape(
  String.raw`^([a-zA-Z0-9\p{S}\p{L}]((-?[a-zA-Z0-9\p{S}\p{L}]{0,62})?)|([a-zA-Z0-9\p{S}\p{L}](([a-zA-Z0-9-\p{S}\p{L}]{0,61}[a-zA-Z0-9\p{S}\p{L}])?)(\.)){1,}([a-zA-Z\p{L}]){2,63})$`,
);
const hostname = (text: string): boolean =>
  hostnameShape(text) &&
  Buffer.byteLength(text) <= 255 &&
  text.split('.').every((part) => Buffer.byteLength(part) <= 63);

/** Leading zeros are allowed, as in Go before 1.17. */
const sloppyIPv4 = (text: string): boolean =>
  /^(?:0*\d{1,3}\.){3}0*\d{1,3}$/.test(text) && text.split('.').every((part) => Number(part) <= 255);
const ipv6 = (text: string): boolean => isIPv6(text) && !text.includes('%') && text.includes(':');

function cidr(text: string): boolean {
  const [address = '', bits = '', ...rest] = text.split('/');
  if (rest.length > 0 || !/^\d+$/.test(bits)) return false;
  return sloppyIPv4(address) ? Number(bits) <= 32 : ipv6(address) && Number(bits) <= 128;
}

function mac(text: string): boolean {
  const groups = (separator: string, width: number, counts: readonly number[]) => {
    const parts = text.split(separator);
    return counts.includes(parts.length) && parts.every((part) => part.length === width && /^[0-9a-fA-F]+$/.test(part));
  };
  return groups(':', 2, [6, 8, 20]) || groups('-', 2, [6, 8, 20]) || groups('.', 4, [3, 4, 10]);
}

const email = (text: string): boolean =>
  /^(?:[^<>@]*<)?\s*[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*|\[[^\]]+\])>?\s*$/.test(
    text,
  );

const digits = (text: string) => text.replace(/[\s-]+/g, '');
function isbn10(text: string): boolean {
  const plain = digits(text);
  if (!/^(?:[0-9]{9}X|[0-9]{10})$/.test(plain)) return false;
  const sum = Array.from(plain).reduce((total, one, i) => total + (i + 1) * (one === 'X' ? 10 : Number(one)), 0);
  return sum % 11 === 0;
}
function isbn13(text: string): boolean {
  const plain = digits(text);
  if (!/^[0-9]{13}$/.test(plain)) return false;
  return Array.from(plain).reduce((total, one, i) => total + Number(one) * (i % 2 === 0 ? 1 : 3), 0) % 10 === 0;
}
const CARD =
  /^(?:4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|(?:222[1-9]|22[3-9][0-9]|2[3-6][0-9]{2}|27[01][0-9]|2720)[0-9]{12}|6(?:011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}|(?:2131|1800|35\d{3})\d{11}|6[27][0-9]{14})$/;
function creditCard(text: string): boolean {
  const plain = text.replace(/[^0-9]+/g, '');
  if (!CARD.test(plain)) return false;
  const sum = Array.from(plain)
    .toReversed()
    .reduce((total, one, i) => {
      const doubled = i % 2 === 1 ? Number(one) * 2 : Number(one);
      return total + (doubled >= 10 ? (doubled % 10) + 1 : doubled);
    }, 0);
  return sum % 10 === 0;
}

function date(text: string): boolean {
  const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (!parts) return false;
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
  const last = new Date(Date.UTC(year < 100 ? year + 400 : year, month, 0)).getUTCDate();
  return month >= 1 && month <= 12 && day >= 1 && day <= last;
}

const DATE_TIME = /^(\d{4}-\d\d-\d\d)[tT](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[zZ]|[+-]\d\d:\d\d)$/;
function dateTime(text: string): boolean {
  const parts = DATE_TIME.exec(text);
  if (!parts || !date(parts[1] ?? '')) return false;
  const [hours, minutes, seconds] = parts.slice(2, 5).map(Number) as [number, number, number];
  return hours <= 23 && minutes <= 59 && seconds <= 59;
}

const GO_DURATION = /^[+-]?(?:0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|\u00b5s|\u03bcs|ms|s|m|h))+)$/;
/** Units by their exact spellings, and by a prefix that longer ones may have: `5 minutes`, `3 weeks`. */
const UNIT = /^(?:ns|us|\u00b5s|ms|s|m|h|hr|d|w|wk|nano.*|micro.*|milli.*|sec.*|min.*|hour.*|day.*|week.*)$/;
const duration = (text: string): boolean =>
  GO_DURATION.test(text) ||
  [...text.matchAll(/(\d+)\s*([A-Za-z\u00b5]+)/g)].some(([, , unit = '']) => UNIT.test(unit.toLowerCase()));

const NAME = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?';
const CHECKS: Readonly<Record<string, (text: string) => boolean>> = {
  bsonobjectid: (text) => /^[0-9a-fA-F]{24}$/.test(text),
  uri: (text) => 'url' in parseRequestUri(text),
  email,
  hostname,
  ipv4: (text) => sloppyIPv4(text) || (isIPv4(text) && text.includes('.')),
  ipv6,
  cidr,
  mac,
  uuid: uuid(HEX4),
  uuid3: uuid('3[0-9a-f]{3}-?'),
  uuid4: uuid('4[0-9a-f]{3}-?', '[89ab][0-9a-f]{3}-?'),
  uuid5: uuid('5[0-9a-f]{3}-?', '[89ab][0-9a-f]{3}-?'),
  isbn: (text) => isbn10(text) || isbn13(text),
  isbn10,
  isbn13,
  creditcard: creditCard,
  ssn: (text) => /^\d{3}[- ]?\d{2}[- ]?\d{4}$/.test(text),
  hexcolor: (text) => /^#?(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/.test(text),
  rgbcolor: (text) =>
    /^rgb\(\s*(?:0|[1-9]\d?|1\d\d?|2[0-4]\d|25[0-5])\s*,\s*(?:0|[1-9]\d?|1\d\d?|2[0-4]\d|25[0-5])\s*,\s*(?:0|[1-9]\d?|1\d\d?|2[0-4]\d|25[0-5])\s*\)$/.test(
      text,
    ),
  byte: (text) => /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/.test(text),
  password: () => true,
  date,
  duration,
  datetime: dateTime,
  k8sshortname: (text) => text.length <= 63 && new RegExp(`^${NAME}$`).test(text),
  k8slongname: (text) => text.length <= 253 && new RegExp(`^${NAME}(?:\\.${NAME})*$`).test(text),
};

const normalised = (format: string): string => format.replaceAll('-', '');

/** Formats that are not known are not checked. */
export const isKnownFormat = (format: string): boolean => Object.hasOwn(CHECKS, normalised(format));

export const fitsFormat = (format: string, text: string): boolean => CHECKS[normalised(format)]?.(text) ?? true;
