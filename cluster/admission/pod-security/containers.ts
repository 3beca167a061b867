/** How the checks name what they don't like. */
import type { Container, PodSpec } from '../../api/types.ts';

export const containersOf = (spec: PodSpec): Container[] => [
  ...(spec.initContainers ?? []),
  ...(spec.containers ?? []),
  ...((spec.ephemeralContainers ?? []) as Container[]),
];

export const plural = (one: string, many: string, count: number): string => (count === 1 ? one : many);
export const quoted = (items: readonly string[]): string => items.map((item) => `"${item}"`).join(', ');
export const sorted = (items: Iterable<string>): string[] => [...new Set(items)].sort();

/** `container "a"`, `containers "a", "b"` */
export const named = (names: readonly string[]): string =>
  `${plural('container', 'containers', names.length)} ${quoted(names)}`;

export const namesWhere = (spec: PodSpec, isBad: (container: Container) => unknown): string[] =>
  containersOf(spec)
    .filter(isBad)
    .map(({ name }) => name);

/** `pod and container "a"`: who set something forbidden. */
export const setters = (pod: boolean, containers: readonly string[]): string =>
  [...(pod ? ['pod'] : []), ...(containers.length > 0 ? [named(containers)] : [])].join(' and ');
