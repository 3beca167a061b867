/** The conditions of the Gateway API as a controller writes them; times move only when a status changes. */
import type { KubeObject } from '../../api/types.ts';
import type { Condition } from '../../network/http/gateway-types.ts';

export type Told = Omit<Condition, 'lastTransitionTime' | 'observedGeneration'>;

export const yes = (type: string, reason: string, message: string): Told => ({ type, status: 'True', reason, message });
export const no = (type: string, reason: string, message: string): Told => ({ type, status: 'False', reason, message });

export function withTimes(
  told: readonly Told[],
  before: readonly Condition[] | undefined,
  { metadata }: KubeObject,
  now: string,
): Condition[] {
  return told.map((condition) => {
    const old = before?.find(({ type }) => type === condition.type);
    const same = old?.status === condition.status && old.lastTransitionTime !== undefined;
    return {
      lastTransitionTime: same ? (old.lastTransitionTime ?? now) : now,
      message: condition.message,
      observedGeneration: metadata.generation ?? 1,
      reason: condition.reason,
      status: condition.status,
      type: condition.type,
    };
  });
}
