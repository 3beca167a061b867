/** Pieces of table cells that kinds with containers and selectors share. */
import { ageText } from '../../api/durations.ts';
import { labelSelectorText } from '../../api/selector.ts';
import type { Container, LabelSelector } from '../../api/types.ts';

/** Names and images, as the wide columns show them. */
export const containerCells = (containers: readonly Container[] | undefined): [names: string, images: string] => [
  (containers ?? []).map(({ name }) => name).join(','),
  (containers ?? []).map(({ image }) => image ?? '').join(','),
];

/** `a=1,b=2`, sorted by key. */
export const labelsText = (labels: Readonly<Record<string, string>> | undefined): string =>
  Object.entries(labels ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`)
    .join(',') || '<none>';

export const selectorText = (selector: LabelSelector | undefined): string => labelSelectorText(selector) || '<none>';

/** How long ago that was, `now` in milliseconds since 1970. */
export const ago = (time: string | undefined, now: number): string =>
  time === undefined ? '<unknown>' : ageText(now - Date.parse(time));

/** The cell of the column Age: the caller turns it into an age. */
export const age = (object: { metadata: { creationTimestamp?: string } }): string =>
  object.metadata.creationTimestamp ?? '<unknown>';
