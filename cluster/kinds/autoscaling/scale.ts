/** The subresource `scale` of workloads. */
import { path, type FieldError } from '../../api/field.ts';
import { nonNegative } from '../pod-spec/scalars.ts';

/** All problems of a Scale, its metadata excepted. */
export const validateScale = ({ spec }: { spec?: { replicas?: number } }): FieldError[] =>
  nonNegative(spec?.replicas, path('spec', 'replicas'));
