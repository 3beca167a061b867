import type { Path } from '../../api/field.ts';
import type { Container, PodSpec } from '../../api/types.ts';

/** In Go's order: init containers, containers, ephemeral containers. */
export function containersWithPath(spec: PodSpec, path: Path): [Container, Path][] {
  return (['initContainers', 'containers', 'ephemeralContainers'] as const).flatMap((kind) =>
    (spec[kind] ?? []).map((container, position): [Container, Path] => [container, path.child(kind).index(position)]),
  );
}
