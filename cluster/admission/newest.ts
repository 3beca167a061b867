import type { KubeObject } from '../api/types.ts';

/** Where several objects claim to be the default, the one made last wins, then the first by name. */
export const newest = <T extends KubeObject>(objects: readonly T[]): T | undefined =>
  objects.toSorted((a, b) => {
    const [made, other] = [a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? ''];
    if (made !== other) return made > other ? -1 : 1;
    return a.metadata.name < b.metadata.name ? -1 : 1;
  })[0];
