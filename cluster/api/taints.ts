/** Which taints a pod puts up with. */
import type { Taint, Toleration } from './types.ts';

export type TaintEffect = 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';

/** An empty key, value or effect of a toleration asks for nothing. */
export function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (toleration.key && toleration.key !== taint.key) return false;
  // Gt and Lt are behind a feature gate that 1.35 leaves off.
  if (toleration.operator === 'Exists') return true;
  return (!toleration.operator || toleration.operator === 'Equal') && (toleration.value ?? '') === (taint.value ?? '');
}

/** The first of the taints with one of these effects that no toleration covers. Without effects: all count. */
export const findUntolerated = (
  taints: readonly Taint[] | undefined,
  tolerations: readonly Toleration[] | undefined,
  effects?: readonly TaintEffect[],
): Taint | undefined =>
  (taints ?? []).find(
    (taint) =>
      (!effects || effects.some((effect) => effect === taint.effect)) &&
      !(tolerations ?? []).some((toleration) => tolerates(toleration, taint)),
  );

export const toleratesAll = (
  tolerations: readonly Toleration[] | undefined,
  taints: readonly Taint[] | undefined,
  effects?: readonly TaintEffect[],
): boolean => findUntolerated(taints, tolerations, effects) === undefined;
