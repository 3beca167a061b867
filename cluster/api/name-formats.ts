/** How names, keys and values may look. Each function lists what is wrong, in the real server's words; an empty list is good. */

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const DNS1035 = '[a-z]([-a-z0-9]*[a-z0-9])?';
const NAME_PART = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const LABEL_VALUE = `(${NAME_PART})?`;
const CONFIG_KEY = '[-._a-zA-Z0-9]+';

const whole = (shape: string) => new RegExp(`^${shape}$`);
const AS_LABEL = whole(LABEL);
const AS_SUBDOMAIN = whole(SUBDOMAIN);
const AS_WILDCARD = whole(`\\*\\.${SUBDOMAIN}`);
const AS_DNS1035 = whole(DNS1035);
const AS_NAME_PART = whole(NAME_PART);
const AS_LABEL_VALUE = whole(LABEL_VALUE);
const AS_CONFIG_KEY = whole(CONFIG_KEY);

export const MAX_LABEL = 63;
export const MAX_SUBDOMAIN = 253;
const bytes = (text: string): number => Buffer.byteLength(text);

/** `must consist of ... (e.g. 'a',  or 'b', regex used for validation is '...')` */
export const regexProblem = (sentence: string, shape: string, ...examples: string[]): string => {
  const example = examples.map((text) => `'${text}', `).join(' or ');
  return examples.length === 0
    ? `${sentence} (regex used for validation is '${shape}')`
    : `${sentence} (e.g. ${example}regex used for validation is '${shape}')`;
};

/** Both words are the real server's: names are counted in characters, label keys and values in bytes. */
const atMost = (text: string, max: number, unit: 'characters' | 'bytes'): string[] =>
  bytes(text) > max ? [`must be no more than ${max} ${unit}`] : [];

export function dns1123Label(text: string): string[] {
  const problems = atMost(text, MAX_LABEL, 'characters');
  if (AS_LABEL.test(text)) return problems;
  const sentence = AS_SUBDOMAIN.test(text)
    ? 'must not contain dots'
    : regexProblem(
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
        LABEL,
        'my-name',
        '123-abc',
      );
  return [...problems, sentence];
}

const subdomainProblems = (text: string, unit: 'characters' | 'bytes'): string[] => [
  ...atMost(text, MAX_SUBDOMAIN, unit),
  ...(AS_SUBDOMAIN.test(text)
    ? []
    : [
        regexProblem(
          "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
          SUBDOMAIN,
          'example.com',
        ),
      ]),
];
export const dns1123Subdomain = (text: string): string[] => subdomainProblems(text, 'characters');

/** Of kinds whose validation is generated from their declarations: they count in bytes. */
export const dns1123SubdomainBytes = (text: string): string[] => subdomainProblems(text, 'bytes');

export const wildcardDns1123Subdomain = (text: string): string[] => [
  ...atMost(text, MAX_SUBDOMAIN, 'characters'),
  ...(AS_WILDCARD.test(text)
    ? []
    : [
        regexProblem(
          "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
          `\\*\\.${SUBDOMAIN}`,
          '*.example.com',
        ),
      ]),
];

export const dns1035Label = (text: string): string[] => [
  ...atMost(text, MAX_LABEL, 'characters'),
  ...(AS_DNS1035.test(text)
    ? []
    : [
        regexProblem(
          "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
          DNS1035,
          'my-name',
          'abc-123',
        ),
      ]),
];

const NAME_PART_SENTENCE = regexProblem(
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  NAME_PART,
  'MyName',
  'my.name',
  '123-abc',
);

/** Label keys, annotation keys, finalizers, resource names: `[prefix/]name`. */
export function qualifiedName(text: string): string[] {
  const parts = text.split('/');
  if (parts.length > 2) {
    return [
      `a valid label key ${NAME_PART_SENTENCE} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const name = parts.at(-1) ?? '';
  const prefix = parts.length === 2 ? (parts[0] ?? '') : undefined;
  const problems: string[] = [];
  if (prefix === '') problems.push('prefix part must be non-empty');
  else if (prefix !== undefined) {
    problems.push(...subdomainProblems(prefix, 'bytes').map((problem) => `prefix part ${problem}`));
  }
  if (name === '') problems.push('name part must be non-empty');
  problems.push(...atMost(name, MAX_LABEL, 'bytes').map((problem) => `name part ${problem}`));
  if (!AS_NAME_PART.test(name)) problems.push(`name part ${NAME_PART_SENTENCE}`);
  return problems;
}

export const labelValue = (text: string): string[] => [
  ...atMost(text, MAX_LABEL, 'bytes'),
  ...(AS_LABEL_VALUE.test(text)
    ? []
    : [
        regexProblem(
          "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
          LABEL_VALUE,
          'MyValue',
          'my_value',
          '12345',
        ),
      ]),
];

/** Names that only have to fit into a URL path: roles, bindings. */
export function pathSegment(text: string): string[] {
  if (text === '.' || text === '..') return [`may not be '${text}'`];
  return ['/', '%'].filter((part) => text.includes(part)).map((part) => `may not contain '${part}'`);
}

function parentFolder(text: string): string[] {
  if (text === '.' || text === '..') return [`must not be '${text}'`];
  return text.startsWith('..') ? [`must not start with '..'`] : [];
}

/** Keys of ConfigMaps and Secrets. */
export const configMapKey = (text: string): string[] => [
  ...atMost(text, MAX_SUBDOMAIN, 'characters'),
  ...(AS_CONFIG_KEY.test(text)
    ? []
    : [
        regexProblem(
          "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
          CONFIG_KEY,
          'key.name',
          'KEY_NAME',
          'key-name',
        ),
      ]),
  ...parentFolder(text),
];

/** Names of `env` entries: anything printable but `=`. */
export const relaxedEnvVarName = (text: string): string[] => [
  ...(text === '' ? ['environment variable name must be non-empty'] : []),
  ...(/^[ -<>-~]*$/.test(text)
    ? []
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"]),
];

/** Names of ports: at most 15 of a-z, 0-9 and hyphens. */
export function portName(text: string): string[] {
  const problems = atMost(text, 15, 'characters');
  if (!/^[-a-z0-9]+$/.test(text)) {
    problems.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  }
  if (!/[a-z]/.test(text)) problems.push('must contain at least one letter (a-z)');
  if (text.includes('--')) problems.push('must not contain consecutive hyphens');
  if (text.startsWith('-') || text.endsWith('-')) problems.push('must not begin or end with a hyphen');
  return problems;
}

export const inRange = (value: number, min: number, max: number): string[] =>
  value >= min && value <= max ? [] : [`must be between ${min} and ${max}, inclusive`];
export const portNumber = (port: number): string[] => inRange(port, 1, 65535);
