/** Runs the admission plugins over a request, first all that may change it, later all that may only refuse. */
import type { AdmissionRequest } from '../admission/plugin.ts';
import type { Backend } from './context.ts';

export function mutateAdmission(backend: Backend, request: AdmissionRequest): void {
  for (const plugin of backend.admission) plugin.mutate?.(request, backend);
}

export function validateAdmission(backend: Backend, request: AdmissionRequest): void {
  for (const plugin of backend.admission) plugin.validate?.(request, backend);
}
