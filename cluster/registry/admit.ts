/** Runs the admission plugins over a request, first all that may change it, later all that may only refuse. */
import type { AdmissionPlugin, AdmissionRequest } from '../admission/plugin.ts';
import type { Backend } from './context.ts';

/** Most plugins take part in one of the two only; there are few lists, and they never change. */
interface Phases {
  mutating: readonly AdmissionPlugin[];
  validating: readonly AdmissionPlugin[];
}
const known = new WeakMap<readonly AdmissionPlugin[], Phases>();

function phasesOf({ admission }: Backend): Phases {
  let phases = known.get(admission);
  if (!phases) {
    const mutating = admission.filter((plugin) => plugin.mutate !== undefined);
    const validating = admission.filter((plugin) => plugin.validate !== undefined);
    known.set(admission, (phases = { mutating, validating }));
  }
  return phases;
}

export function mutateAdmission(backend: Backend, request: AdmissionRequest): void {
  for (const plugin of phasesOf(backend).mutating) plugin.mutate?.(request, backend);
}

export function validateAdmission(backend: Backend, request: AdmissionRequest): void {
  for (const plugin of phasesOf(backend).validating) plugin.validate?.(request, backend);
}
