/** The subresource `scale` of workloads. */
import { path, type FieldError } from '../../api/field.ts';
import type { Cell } from '../kind.ts';
import { nonNegative } from '../pod-spec/scalars.ts';

export interface Scale {
  metadata: { name: string; creationTimestamp?: string };
  spec?: { replicas?: number };
  status?: { replicas?: number };
}

/** All problems of a Scale, its metadata excepted. */
export const validateScale = ({ spec }: Scale): FieldError[] => nonNegative(spec?.replicas, path('spec', 'replicas'));

/** NAME, DESIRED, AVAILABLE, AGE: the age as a time, as in the cells of kinds. */
export const scaleCells = ({ metadata, spec, status }: Scale): Cell[] => [
  metadata.name,
  spec?.replicas ?? 0,
  status?.replicas ?? 0,
  metadata.creationTimestamp ?? '<unknown>',
];
