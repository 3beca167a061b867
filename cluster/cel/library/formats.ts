/** `format.dns1123Label().validate('a.b')`. */
import { dns1035Label, dns1123Label, dns1123Subdomain, labelValue, qualifiedName } from '../../api/names.ts';
import { fitsFormat } from '../../schema/structural/formats.ts';
import { global, member, type Overload } from '../declarations.ts';
import { listType, optionalType, STRING, type Type } from '../types.ts';
import { ListValue, Opaque, Optional, type Value } from '../values.ts';

const NAME = 'kubernetes.NamedFormat';
const FORMAT: Type = { kind: 'struct', name: NAME, of: [] };

class FormatValue extends Opaque {
  readonly typeName = NAME;
  readonly name: string;
  readonly check: (text: string) => string[];
  constructor(name: string, check: (text: string) => string[]) {
    super();
    this.name = name;
    this.check = check;
  }
  equals(other: Opaque): boolean {
    return other instanceof FormatValue && other.name === this.name;
  }
  toString(): string {
    return this.name;
  }
}

/** A prefix may end with the dash or dot that the rest would follow. */
const prefixOf = (check: (text: string) => string[]) => (text: string) => check(text.replace(/-$/, 'a'));
const known = (format: string, problem: string) => (text: string) => (fitsFormat(format, text) ? [] : [problem]);

const FORMATS: Record<string, FormatValue> = {
  dns1123Label: new FormatValue('DNS1123Label', dns1123Label),
  dns1123Subdomain: new FormatValue('DNS1123Subdomain', dns1123Subdomain),
  dns1035Label: new FormatValue('DNS1035Label', dns1035Label),
  qualifiedName: new FormatValue('QualifiedName', qualifiedName),
  dns1123LabelPrefix: new FormatValue('DNS1123LabelPrefix', prefixOf(dns1123Label)),
  dns1123SubdomainPrefix: new FormatValue('DNS1123SubdomainPrefix', prefixOf(dns1123Subdomain)),
  dns1035LabelPrefix: new FormatValue('DNS1035LabelPrefix', prefixOf(dns1035Label)),
  labelValue: new FormatValue('LabelValue', labelValue),
  uri: new FormatValue('URI', (text) =>
    fitsFormat('uri', text)
      ? []
      : [`parse ${JSON.stringify(text)}: ${text === '' ? 'empty url' : 'invalid URI for request'}`],
  ),
  uuid: new FormatValue('uuid', known('uuid', 'does not match the UUID format')),
  byte: new FormatValue('byte', known('byte', 'invalid base64')),
  date: new FormatValue('date', known('date', 'invalid date')),
  datetime: new FormatValue('datetime', known('date-time', 'invalid datetime')),
};

const PROBLEMS = optionalType(listType(STRING));

export const NAMED_FORMATS: readonly Overload[] = [
  ...Object.entries(FORMATS).map(([name, format]) => global(`format.${name}`, [], FORMAT, () => format)),
  global(
    'format.named',
    [STRING],
    optionalType(FORMAT),
    ([name]): Value => new Optional(Object.hasOwn(FORMATS, name as string) ? FORMATS[name as string] : undefined),
  ),
  member('validate', [FORMAT, STRING], PROBLEMS, ([format, text]) => {
    const problems = (format as FormatValue).check(text as string);
    return new Optional(problems.length === 0 ? undefined : ListValue.of(problems));
  }),
];
