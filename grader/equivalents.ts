/** Values that are written differently and mean the same, by the schema they stand under. */
import { requirementsOf } from '#cluster/api/selector.ts';
import { isMap } from './paths.ts';

const QUOTA = 'io.k8s.api.core.v1.ResourceQuotaSpec';
const TOLERATION = 'io.k8s.api.core.v1.Toleration';
export const LABEL_SELECTOR = 'io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector';

/** In a quota these short names say the same as the long ones. */
const QUOTA_NAMES: Readonly<Record<string, string>> = {
  cpu: 'requests.cpu',
  memory: 'requests.memory',
  'ephemeral-storage': 'requests.ephemeral-storage',
};

/** One way of writing it for all that mean the same. */
export function canonical(value: unknown, ref: string | undefined): unknown {
  if (!isMap(value)) return value;
  if (ref === TOLERATION) return { operator: 'Equal', ...value };
  if (ref === QUOTA && isMap(value['hard'])) {
    const hard = Object.entries(value['hard']).map(([name, amount]) => [QUOTA_NAMES[name] ?? name, amount] as const);
    return { ...value, hard: Object.fromEntries(hard) };
  }
  return value;
}

/** A label selector as text that is the same for all that select the same in the same words; undefined for one that is not valid. */
export function selectorText(value: unknown): string | undefined {
  if (!isMap(value)) return undefined;
  const requirements = requirementsOf(value);
  return requirements
    ?.map(({ key, operator, values }) => {
      if (operator === 'exists') return key;
      if (operator === '!') return `!${key}`;
      const sorted = [...new Set(values)].sort();
      // "in" with one value is "="
      if (sorted.length === 1) return `${key}${operator === 'notin' || operator === '!=' ? '!=' : '='}${sorted[0]}`;
      return `${key} ${operator} (${sorted.join(',')})`;
    })
    .sort()
    .join(',');
}
