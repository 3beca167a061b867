import type { ObjectMeta, PodSpec } from '../../api/types.ts';

/** What a check found: a short reason, and who did what. */
export interface Violation {
  reason: string;
  detail: string;
}
export interface Check {
  /** The checks of a level run in the order of their ids. */
  id: string;
  /** The first minor version with this check. */
  since: number;
  /** The baseline check that this one makes needless. */
  replaces?: string;
  run(spec: PodSpec, metadata: Partial<ObjectMeta>, minor: number): Violation | undefined;
}
