/** Times and conditions in the shapes that statuses use. */
import { timeText as timestampOf } from '../api/time.ts';
import type { Clock } from '../store/client.ts';

export { timestampOf };

export const timestamp = (clock: Clock): string => timestampOf(clock.now());

/** Milliseconds since 1970 of a time in an object; undefined when there is none. */
export function millisecondsOf(time: string | undefined): number | undefined {
  if (time === undefined) return undefined;
  const parsed = Date.parse(time);
  return Number.isNaN(parsed) ? undefined : parsed;
}

export interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
}

export const conditionOf = <C extends Condition>(conditions: readonly C[] | undefined, type: string): C | undefined =>
  (conditions ?? []).find((condition) => condition.type === type);

export const withoutCondition = <C extends Condition>(conditions: readonly C[] | undefined, type: string): C[] =>
  (conditions ?? []).filter((condition) => condition.type !== type);

/** Leaves a condition with the same status and reason alone; else moves it to the end, keeping the transition time of an unchanged status. */
export function withCondition<C extends Condition>(conditions: readonly C[] | undefined, next: C): C[] {
  const current = conditionOf(conditions, next.type);
  if (current?.status === next.status && current.reason === next.reason) return [...(conditions ?? [])];
  const kept = current?.status === next.status ? { lastTransitionTime: current.lastTransitionTime } : {};
  return [...withoutCondition(conditions, next.type), { ...next, ...kept }];
}

/** Replaces a condition where it stands or appends it; the transition time moves with the status only. */
export function withConditionInPlace<C extends Condition>(conditions: readonly C[] | undefined, next: C): C[] {
  const current = conditionOf(conditions, next.type);
  if (current === undefined) return [...(conditions ?? []), next];
  const merged = current.status === next.status ? { ...next, lastTransitionTime: current.lastTransitionTime } : next;
  return (conditions ?? []).map((condition) => (condition.type === next.type ? merged : condition));
}

/** Drops what Go's `omitempty` drops, so that a written status equals a decoded one. */
export function omitEmpty<T extends object>(fields: T): T {
  const kept = Object.entries(fields).filter(
    ([, value]) =>
      value !== undefined &&
      value !== 0 &&
      value !== '' &&
      value !== false &&
      !(Array.isArray(value) && value.length === 0),
  );
  // The keys left out are optional in every status type this is used for.
  return Object.fromEntries(kept) as T;
}
