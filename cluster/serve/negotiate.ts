/** In which form an answer is wanted: JSON, YAML or protobuf; whole objects, tables or metadata only. The Accept header, read as Go's server does. */
import { notAcceptable } from '../api/status.ts';

export interface Wanted {
  encoding: 'json' | 'yaml' | 'protobuf';
  as: '' | 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList' | 'APIGroupDiscoveryList';
  /** Of `as`, when it is not v1. */
  version?: 'v1beta1';
  /** JSON for people: indented. */
  pretty?: boolean;
}

export const MEDIA_TYPES = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'] as const;
/** A watch has no YAML form. */
const STREAM_TYPES = ['application/json;stream=watch', 'application/vnd.kubernetes.protobuf;stream=watch'] as const;

const ENCODINGS: Record<(typeof MEDIA_TYPES)[number], Wanted['encoding']> = {
  'application/json': 'json',
  'application/yaml': 'yaml',
  'application/vnd.kubernetes.protobuf': 'protobuf',
};

interface Clause {
  type: string;
  subtype: string;
  quality: number;
  parameters: Map<string, string>;
}

/** Only blanks: a tab belongs to the word, as in Go's parser. */
const trim = (text: string) => text.replace(/^ +| +$/g, '');

function parameter(text: string): [string, string] | undefined {
  const [name = '', value = '', ...more] = text.split('=');
  // "a=b=c" is no parameter; "a=b=" is one
  return value === '' || more.some((one, at) => one !== '' || at > 0) ? undefined : [trim(name), value];
}

function clauseOf(text: string): Clause | undefined {
  const [range = '', ...rest] = trim(text).split(';');
  const [first = '', second = '', ...more] = range.split('/');
  const type = trim(first);
  if (second === '' && type !== '*') return undefined;
  if (more.some((one, at) => one !== '' || at > 0)) return undefined;
  const clause: Clause = { type, subtype: second === '' ? '*' : trim(second), quality: 1, parameters: new Map() };
  for (const part of rest) {
    const [name, value] = parameter(part) ?? [];
    if (name === undefined || value === undefined) continue;
    if (name === 'q') clause.quality = Number.isFinite(Number(value)) ? Number(value) : 0;
    else clause.parameters.set(name, trim(value));
  }
  return clause;
}

/** Go's order between two clauses, which is none that a sort can rely on: so the sort is Go's too. */
function before(a: Clause, b: Clause): boolean {
  if (a.quality > b.quality) return true;
  if (a.type !== '*' && b.type === '*') return true;
  return a.subtype !== '*' && b.subtype === '*';
}

function parse(accept: string): Clause[] {
  const clauses = accept
    .split(',')
    .map(clauseOf)
    .filter((clause) => clause !== undefined);
  for (let i = 1; i < clauses.length; i++) {
    for (let j = i; j > 0; j--) {
      const [left, right] = [clauses[j - 1], clauses[j]];
      if (!left || !right || !before(right, left)) break;
      clauses[j - 1] = right;
      clauses[j] = left;
    }
  }
  return clauses;
}

/** What can be served where the answer goes out. */
export interface Offer {
  types: readonly (typeof MEDIA_TYPES)[number][];
  /** Whether the parameters of a clause can be met for that type; undefined `as`: no transformation is asked for. */
  transform(
    type: string,
    asked: { as: string; group: string; version: string },
  ): Pick<Wanted, 'as' | 'version'> | undefined;
  /** Whole objects are not offered as protobuf, though it counts among the types. */
  noProtobuf?: boolean;
  /** The `sv` parameter: a version of the server's own group. */
  serverVersion?: string;
}

const META = 'meta.k8s.io';

/** Objects and lists of resources. */
export const RESOURCES: Offer = {
  types: MEDIA_TYPES,
  serverVersion: 'v1',
  transform(type, { as, group, version }) {
    if (group !== META || (version !== 'v1' && version !== 'v1beta1')) return undefined;
    const known = version === 'v1' ? {} : { version: 'v1beta1' as const };
    // tables have no protobuf form
    if (as === 'Table') return type === MEDIA_TYPES[2] ? undefined : { as, ...known };
    return as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList' ? { as, ...known } : undefined;
  },
};

/** Refusals, and documents of one form. */
/** Custom resources have no protobuf form; their metadata has. */
export const CUSTOM_RESOURCES: Offer = { ...RESOURCES, noProtobuf: true };

export const PLAIN: Offer = { types: MEDIA_TYPES, transform: () => undefined };

/** The roots of discovery, which can also tell everything at once. */
export const DISCOVERY: Offer = {
  types: MEDIA_TYPES,
  transform: (_type, { as, group, version }) => {
    if (group !== 'apidiscovery.k8s.io' || as !== 'APIGroupDiscoveryList') return undefined;
    return version === 'v2' ? { as } : undefined;
  },
};

function meets(type: (typeof MEDIA_TYPES)[number], parameters: Map<string, string>, offer: Offer): Wanted | undefined {
  const encoding = ENCODINGS[type];
  const stream = parameters.get('stream') ?? '';
  if (stream !== '' && (stream !== 'watch' || encoding === 'yaml')) return undefined;
  const serverVersion = parameters.get('sv') ?? '';
  if (serverVersion !== '' && serverVersion !== offer.serverVersion) return undefined;
  const pretty = parameters.get('pretty') === '1' ? { pretty: true } : {};
  if (!['as', 'g', 'v'].some((name) => parameters.has(name)))
    return offer.noProtobuf && encoding === 'protobuf' ? undefined : { encoding, as: '', ...pretty };
  const asked = {
    as: parameters.get('as') ?? '',
    group: parameters.get('g') ?? '',
    version: parameters.get('v') ?? '',
  };
  const transform = offer.transform(type, asked);
  return transform && { encoding, ...transform, ...pretty };
}

/** The first form in the client's order that can be served; undefined: none. */
function choose(accept: string, offer: Offer): Wanted | undefined {
  for (const { type, subtype, parameters } of parse(accept)) {
    for (const offered of offer.types) {
      const [offeredType, offeredSubtype] = offered.split('/');
      const same =
        type === offeredType ? subtype === offeredSubtype || subtype === '*' : type === '*' && subtype === '*';
      const wanted = same ? meets(offered, parameters, offer) : undefined;
      if (wanted) return wanted;
    }
  }
  return undefined;
}

/** @throws StatusError 406 */
export function negotiate(accept: string | undefined, offer: Offer = RESOURCES): Wanted {
  const wanted = accept ? choose(accept, offer) : { encoding: 'json' as const, as: '' as const };
  if (!wanted) throw notAcceptable(offer.types);
  return wanted;
}

/** The form of a watch's events. @throws StatusError 406 */
export function negotiateStream(accept: string | undefined): Wanted {
  const wanted = negotiate(accept);
  if (wanted.encoding === 'yaml') throw notAcceptable(STREAM_TYPES);
  return wanted;
}

const TRUE: ReadonlySet<string> = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);
const PEOPLE = /^(?:curl|Wget|Mozilla\/5\.0)/;

/** Whether JSON should be indented: asked for, or the client is one that people read the answers of. */
export function isPretty(query: URLSearchParams, userAgent: string | undefined): boolean {
  const asked = query.get('pretty') ?? '';
  return asked === '' ? PEOPLE.test(userAgent ?? '') : TRUE.has(asked);
}

/** The form of a refusal; undefined: none that the client would take, so that it is told in JSON for people. */
export const negotiateRefusal = (accept: string | undefined): Wanted | undefined =>
  accept ? choose(accept, PLAIN) : { encoding: 'json', as: '' };

interface Asking {
  headers: Record<string, string | undefined>;
  query: URLSearchParams;
}

const prettied = (wanted: Wanted, { headers, query }: Asking): Wanted =>
  wanted.pretty === undefined && isPretty(query, headers['user-agent']) ? { ...wanted, pretty: true } : wanted;

/** What a request asks its answer to be. @throws StatusError 406 */
export const wantedBy = (request: Asking, offer: Offer = RESOURCES): Wanted =>
  prettied(negotiate(request.headers['accept'], offer), request);

/** What a refusal of a request looks like. */
export function refusalWantedBy(request: Asking): Wanted {
  const wanted = negotiateRefusal(request.headers['accept']);
  return wanted ? prettied(wanted, request) : { encoding: 'json', as: '', pretty: true };
}
