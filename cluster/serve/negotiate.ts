/** In which form an answer is wanted: JSON, YAML or protobuf; whole objects, tables or metadata only. */
import { notAcceptable } from '../api/status.ts';

export interface Wanted {
  encoding: 'json' | 'yaml' | 'protobuf';
  as: '' | 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList' | 'APIGroupDiscoveryList';
}

const ENCODINGS: Record<string, Wanted['encoding']> = {
  'application/json': 'json',
  'application/yaml': 'yaml',
  'application/vnd.kubernetes.protobuf': 'protobuf',
  '*/*': 'json',
  'application/*': 'json',
};
export const MEDIA_TYPES = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'] as const;

const TRANSFORMS: Record<string, { group: string; versions: readonly string[] }> = {
  Table: { group: 'meta.k8s.io', versions: ['v1', 'v1beta1'] },
  PartialObjectMetadata: { group: 'meta.k8s.io', versions: ['v1', 'v1beta1'] },
  PartialObjectMetadataList: { group: 'meta.k8s.io', versions: ['v1', 'v1beta1'] },
  APIGroupDiscoveryList: { group: 'apidiscovery.k8s.io', versions: ['v2'] },
};

function parse(accept: string): { type: string; parameters: Map<string, string>; quality: number }[] {
  return accept
    .split(',')
    .map((entry) => {
      const [type = '', ...rest] = entry.split(';').map((part) => part.trim());
      const parameters = new Map(rest.map((part) => part.split('=', 2) as [string, string]));
      return { type: type.toLowerCase(), parameters, quality: Number(parameters.get('q') ?? 1) };
    })
    .sort((a, b) => b.quality - a.quality);
}

/** The first form in the client's order that can be served. @throws StatusError 406 */
export function negotiate(accept: string | undefined, transforms = true): Wanted {
  if (!accept) return { encoding: 'json', as: '' };
  for (const { type, parameters } of parse(accept)) {
    const encoding = ENCODINGS[type];
    if (!encoding) continue;
    const as = parameters.get('as') ?? '';
    if (as === '') return { encoding, as: '' };
    const transform = TRANSFORMS[as];
    if (!transforms || !transform) continue;
    if (parameters.get('g') !== transform.group || !transform.versions.includes(parameters.get('v') ?? '')) continue;
    // tables have no protobuf form
    return { encoding: as === 'Table' && encoding === 'protobuf' ? 'json' : encoding, as: as as Wanted['as'] };
  }
  throw notAcceptable(MEDIA_TYPES);
}
