/** docs/scenario-reference.md: every key of scenario.yaml, from the schema that reads it. */
import { scenarioJsonSchema } from './schema.ts';

interface Node {
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  description?: string;
  default?: unknown;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  properties?: Record<string, Node>;
  required?: string[];
  items?: Node;
  anyOf?: Node[];
  additionalProperties?: Node | boolean;
}

const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;

function typeText(node: Node): string {
  if (node.const !== undefined) return code(JSON.stringify(node.const));
  if (node.enum) return node.enum.map((value) => code(String(value))).join(', ');
  if (node.anyOf) return [...new Set(node.anyOf.map(typeText))].join(' or ');
  if (node.items) return `list of ${typeText(node.items)}`;
  if (node.properties) return 'map';
  if (typeof node.additionalProperties === 'object') return `map of ${typeText(node.additionalProperties)}`;
  const words: Record<string, string> = {
    string: 'text',
    integer: 'whole number',
    number: 'number',
    boolean: 'true or false',
    object: 'map',
  };
  const { minimum, maximum } = node;
  const range = minimum !== undefined && maximum !== undefined && maximum < 1e6 ? `, ${minimum} to ${maximum}` : '';
  const types = [node.type ?? ''].flat().map((type) => words[type] ?? 'any value');
  return `${types.join(' or ')}${range}`;
}

const about = (node: Node): string =>
  [node.description, node.default === undefined ? undefined : `Default: ${code(JSON.stringify(node.default))}.`]
    .filter((part) => part !== undefined)
    .join(' ')
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
    .replaceAll('\n', ' ');

/** A line for each key, and those below it indented by their path. */
function rows(node: Node, path: string): string[] {
  const { properties = {}, required = [] } = node;
  return Object.entries(properties).flatMap(([key, inner]) => {
    const at = path === '' ? key : `${path}.${key}`;
    const must = required.includes(key) && inner.default === undefined ? 'yes' : '';
    const line = `| ${code(at)} | ${typeText(inner)} | ${must} | ${about(inner)} |`;
    const below = inner.items?.properties ? rows(inner.items, `${at}[]`) : inner.properties ? rows(inner, at) : [];
    const alternatives = (inner.anyOf ?? []).flatMap((one) => (one.properties ? rows(one, at) : []));
    return [line, ...below, ...alternatives];
  });
}

const table = (lines: readonly string[]): string =>
  ['| key | value | needed | meaning |', '|---|---|---|---|', ...lines].join('\n');

/** The alternatives of a list's entries, each under the key that is its own. */
function alternatives(node: Node | undefined, shared: readonly string[]): string {
  const kinds = node?.items?.anyOf ?? [];
  return kinds
    .map((kind) => {
      const own = Object.keys(kind.properties ?? {}).filter((key) => !shared.includes(key));
      const properties = Object.fromEntries(Object.entries(kind.properties ?? {}).filter(([key]) => own.includes(key)));
      return `### ${code(own[0] ?? '')}\n\n${table(rows({ ...kind, properties }, ''))}`;
    })
    .join('\n\n');
}

/** In Markdown. */
export function scenarioReference(): string {
  const schema = scenarioJsonSchema() as Node;
  const { setup, checks, ...plain } = schema.properties ?? {};
  const [first] = checks?.items?.anyOf ?? [];
  const shared = Object.keys(first?.properties ?? {}).filter((key) =>
    (checks?.items?.anyOf ?? []).every(({ properties = {} }) => key in properties),
  );
  const common = Object.fromEntries(Object.entries(first?.properties ?? {}).filter(([key]) => shared.includes(key)));
  return `# Every key of scenario.yaml

Made by \`drydock scenario reference\` from the schema that reads the files; [scenarios.md](scenarios.md) explains how they are used.

## The file

${table(rows({ ...schema, properties: plain }, ''))}

## Steps of \`setup\`

${about(setup ?? {})} Each is one of:

${alternatives(setup, [])}

## Every check

${table(rows({ properties: common, required: first?.required ?? [] }, ''))}

## Kinds of checks

${alternatives(checks, shared)}
`;
}
