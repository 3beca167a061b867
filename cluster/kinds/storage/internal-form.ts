/** Structs as the server prints them when it compares them line by line. Their fields are those of internal-values.ts. */
import type { LabelSelector } from '../../api/types.ts';
import { shownStruct } from '../pod-spec/internal-values.ts';

export type Wire = Record<string, unknown>;

/** Go's json.MarshalIndent with one space: as JSON.stringify does, but for three characters. */
export const prettyLines = (value: unknown): string[] =>
  JSON.stringify(value, undefined, 1)
    .replaceAll(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`)
    .split('\n');

/** Selectors are the same inside and outside. */
export const selectorForm = ({ matchLabels = {}, matchExpressions = [] }: LabelSelector): Wire => ({
  ...(Object.keys(matchLabels).length > 0 ? { matchLabels: sortedKeys(matchLabels) } : {}),
  ...(matchExpressions.length > 0
    ? {
        matchExpressions: matchExpressions.map(({ key, operator, values }) => ({
          key,
          operator,
          ...(values?.length ? { values } : {}),
        })),
      }
    : {}),
});

/** Maps of texts stand at the leaves of structs: Go prints them by key. */
function sortedKeys(map: object): Wire {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}
const withSortedMaps = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value);
  const texts = entries.length > 0 && entries.every(([, part]) => typeof part === 'string');
  return texts ? sortedKeys(value) : Object.fromEntries(entries.map(([key, part]) => [key, withSortedMaps(part)]));
};

export const volumeSourceForm = (spec: object): Wire =>
  shownStruct(withSortedMaps({ ...spec }) as Wire, 'PersistentVolumeSource');
export const nodeAffinityForm = (affinity: object): Wire => shownStruct({ ...affinity }, 'VolumeNodeAffinity');
/** A VolumeAttachment's spec. */
export function attachmentForm(spec: { attacher?: string; nodeName?: string; source?: object }): Wire {
  const { persistentVolumeName = null, inlineVolumeSpec = null } = { ...spec.source } as Wire;
  const inline = typeof inlineVolumeSpec === 'object' && inlineVolumeSpec !== null;
  return {
    Attacher: spec.attacher ?? '',
    Source: {
      PersistentVolumeName: persistentVolumeName,
      InlineVolumeSpec: inline ? shownStruct(withSortedMaps(inlineVolumeSpec) as Wire, 'PersistentVolumeSpec') : null,
    },
    NodeName: spec.nodeName ?? '',
  };
}
export function claimSpecForm({ selector, ...spec }: { selector?: LabelSelector }): Wire {
  const form = shownStruct(withSortedMaps(spec) as Wire, 'PersistentVolumeClaimSpec');
  return { ...form, Selector: selector ? selectorForm(selector) : null };
}
