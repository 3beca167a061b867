/** From the size that the metrics ask for to the size that is set: neither too soon nor too fast, and within the bounds. */
import type { HorizontalPodAutoscaler } from '../../api/types.ts';
import { remember, type Dated, type Memory } from './memory.ts';

type Behavior = NonNullable<NonNullable<HorizontalPodAutoscaler['spec']>['behavior']>;
type Rules = NonNullable<Behavior['scaleUp']>;

/** --horizontal-pod-autoscaler-downscale-stabilization, in milliseconds. */
const DOWNSCALE_WINDOW = 5 * 60_000;
/** Without rules of its own an autoscaler at most doubles, or goes to four. */
const UP_FACTOR = 2;
const UP_LEAST = 4;

export interface Verdict {
  reason: string;
  message: string;
}
export interface Normalized {
  size: number;
  /** For the condition AbleToScale. */
  able: Verdict;
  /** For the condition ScalingLimited; `limited`: the size is not what was asked for. */
  limit: Verdict & { limited: boolean };
}
export interface Wish {
  current: number;
  desired: number;
  min: number;
  max: number;
}

const READY: Verdict = { reason: 'ReadyForNewScale', message: 'recommended size matches current size' };
const STABILIZED_DOWN: Verdict = {
  reason: 'ScaleDownStabilized',
  message: 'recent recommendations were higher than current one, applying the highest recent recommendation',
};
const STABILIZED_UP: Verdict = {
  reason: 'ScaleUpStabilized',
  message: 'recent recommendations were lower than current one, applying the lowest recent recommendation',
};
const WITHIN: Verdict = { reason: 'DesiredWithinRange', message: 'the desired count is within the acceptable range' };
const TOO_FEW: Verdict = {
  reason: 'TooFewReplicas',
  message: 'the desired replica count is less than the minimum replica count',
};
const TOO_MANY: Verdict = {
  reason: 'TooManyReplicas',
  message: 'the desired replica count is more than the maximum replica count',
};
const UP_LIMIT: Verdict = {
  reason: 'ScaleUpLimit',
  message: 'the desired replica count is increasing faster than the maximum scale rate',
};
const DOWN_LIMIT: Verdict = {
  reason: 'ScaleDownLimit',
  message: 'the desired replica count is decreasing faster than the maximum scale rate',
};

const limited = (verdict: Verdict, size: number, asked: number) => ({
  size,
  limit: { ...verdict, limited: size !== asked },
});

/** Without a behavior: the highest of the last five minutes, within the bounds. */
function normalizePlain({ current, desired, min, max }: Wish, memory: Memory, now: number): Normalized {
  const recent = memory.recommendations.filter(({ at }) => at >= now - DOWNSCALE_WINDOW);
  const stable = Math.max(desired, ...recent.map(({ value }) => value));
  memory.recommendations = remember(memory.recommendations, desired, now, DOWNSCALE_WINDOW);
  const able = stable === desired ? READY : STABILIZED_DOWN;
  const upLimit = Math.max(UP_FACTOR * current, UP_LEAST);
  const [most, why] = max > upLimit ? [upLimit, UP_LIMIT] : [max, TOO_MANY];
  if (stable < min) return { able, ...limited(TOO_FEW, min, stable) };
  if (stable > most) return { able, ...limited(why, most, stable) };
  return { able, ...limited(WITHIN, stable, stable) };
}

const windowOf = (rules: Rules | undefined, otherwise: number): number =>
  rules?.stabilizationWindowSeconds === undefined ? otherwise : rules.stabilizationWindowSeconds * 1000;

/** Between the lowest of the upward window and the highest of the downward one. */
function stabilize({ current, desired }: Wish, behavior: Behavior, memory: Memory, now: number): number {
  const up = windowOf(behavior.scaleUp, 0);
  const down = windowOf(behavior.scaleDown, DOWNSCALE_WINDOW);
  const within = (ms: number) => memory.recommendations.filter(({ at }) => at > now - ms).map(({ value }) => value);
  const lowest = Math.min(desired, ...within(up));
  const highest = Math.max(desired, ...within(down));
  memory.recommendations = remember(memory.recommendations, desired, now, Math.max(up, down));
  return Math.min(Math.max(current, lowest), highest);
}

const changeWithin = (changes: readonly Dated[], seconds: number, now: number): number =>
  changes.filter(({ at }) => at > now - seconds * 1000).reduce((sum, { value }) => sum + value, 0);

/** The furthest that the rules' policies let the size go now; `direction` 1 up, -1 down. */
function rateLimit(current: number, direction: 1 | -1, rules: Rules | undefined, memory: Memory, now: number): number {
  const select = rules?.selectPolicy ?? 'Max';
  if (select === 'Disabled') return current;
  const proposals = (rules?.policies ?? []).map(({ type, value, periodSeconds }) => {
    const start =
      current - changeWithin(memory.added, periodSeconds, now) + changeWithin(memory.removed, periodSeconds, now);
    if (type === 'Pods') return start + direction * value;
    const percent = start * (1 + (direction * value) / 100);
    return direction === 1 ? Math.ceil(percent) : Math.trunc(percent);
  });
  // the policy that changes most, or least
  return (direction === 1) === (select !== 'Min') ? Math.max(...proposals) : Math.min(...proposals);
}

function normalizeByRules(wish: Wish, behavior: Behavior, memory: Memory, now: number): Normalized {
  const { current, min, max } = wish;
  const stable = stabilize(wish, behavior, memory, now);
  const able = stable === wish.desired ? READY : wish.desired >= current ? STABILIZED_UP : STABILIZED_DOWN;
  if (stable > current) {
    const rate = Math.max(rateLimit(current, 1, behavior.scaleUp, memory, now), current);
    const [most, why] = max > rate ? [rate, UP_LIMIT] : [max, TOO_MANY];
    if (stable > most) return { able, ...limited(why, most, stable) };
  } else if (stable < current) {
    const rate = Math.min(rateLimit(current, -1, behavior.scaleDown, memory, now), current);
    const [least, why] = min < rate ? [rate, DOWN_LIMIT] : [min, TOO_FEW];
    if (stable < least) return { able, ...limited(why, least, stable) };
  }
  return { able, ...limited(WITHIN, stable, stable) };
}

export const normalize = (wish: Wish, behavior: Behavior | undefined, memory: Memory, now: number): Normalized =>
  behavior ? normalizeByRules(wish, behavior, memory, now) : normalizePlain(wish, memory, now);

const longest = (rules: Rules | undefined): number =>
  Math.max(0, ...(rules?.policies ?? []).map(({ periodSeconds }) => periodSeconds)) * 1000;

/** Remembers a change of size for the rates of those that follow. */
export function rememberChange(
  memory: Memory,
  behavior: Behavior | undefined,
  from: number,
  to: number,
  now: number,
): void {
  if (!behavior) return;
  if (to > from) memory.added = remember(memory.added, to - from, now, longest(behavior.scaleUp));
  else memory.removed = remember(memory.removed, from - to, now, longest(behavior.scaleDown));
}
