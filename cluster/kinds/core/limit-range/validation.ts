import { duplicate, forbidden, invalid, path, required, type FieldError, type Path } from '../../../api/field.ts';
import { qualifiedName } from '../../../api/names.ts';
import { quantity, type Quantity } from '../../../api/quantity.ts';
import type { LimitRange, LimitRangeItem } from '../../../api/types.ts';
import {
  containerResourceNameErrors,
  isOvercommitAllowed,
  resourceNameErrors,
} from '../resource-quota/resource-names.ts';

/** From here on thousandths no longer fit into 63 bits, and whole units are compared. */
const MAX_MILLI_VALUE = Number((2n ** 63n - 1n) / 1000n);
export const LISTS = ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const;

function typeErrors(type: string, at: Path): FieldError[] {
  const errors = qualifiedName(type).map((detail) => invalid(at, type, detail));
  if (errors.length > 0 || type.includes('/')) return errors;
  if (['Pod', 'Container', 'PersistentVolumeClaim'].includes(type)) return [];
  return [invalid(at, type, 'must be a standard limit type or fully qualified')];
}

function nameErrors(item: LimitRangeItem, list: (typeof LISTS)[number], at: Path): FieldError[] {
  const check = item.type === 'Pod' || item.type === 'Container' ? containerResourceNameErrors : resourceNameErrors;
  return Object.keys(item[list] ?? {})
    .sort()
    .flatMap((name) => check(name, at.child(list).key(name)));
}

interface Amounts {
  min?: Quantity;
  max?: Quantity;
  default?: Quantity;
  defaultRequest?: Quantity;
  maxLimitRequestRatio?: Quantity;
}

function ratioErrors({ min, max, maxLimitRequestRatio: ratio }: Amounts, at: Path): FieldError[] {
  if (!ratio) return [];
  const errors: FieldError[] = [];
  if (ratio.cmp(quantity('1')) < 0)
    errors.push(invalid(at, ratio.toString(), `ratio ${ratio.toString()} is less than 1`));
  if (min && max) {
    const milli = [ratio, min, max].every((one) => one.value() < MAX_MILLI_VALUE);
    const widest = milli ? max.milliValue() / min.milliValue() : max.value() / min.value();
    const asked = milli ? ratio.milliValue() / 1000 : ratio.value();
    if (asked > widest) {
      errors.push(
        invalid(at, ratio.toString(), `ratio ${ratio.toString()} is greater than max/min = ${printRatio(widest)}`),
      );
    }
  }
  return errors;
}
/** Go's %f. */
const printRatio = (ratio: number) => (Number.isFinite(ratio) ? ratio.toFixed(6) : '+Inf');

function amountErrors(name: string, amounts: Amounts, at: Path): FieldError[] {
  const { min, max, default: limit, defaultRequest: request } = amounts;
  const errors: FieldError[] = [];
  const above = (
    low: Quantity | undefined,
    high: Quantity | undefined,
    list: string,
    shown: 'low' | 'high',
    say: string,
  ) => {
    if (!low || !high || low.cmp(high) <= 0) return;
    const detail = say.replace('%low', String(low)).replace('%high', String(high));
    errors.push(invalid(at.child(list).key(name), String(shown === 'low' ? low : high), detail));
  };
  above(min, max, 'min', 'low', 'min value %low is greater than max value %high');
  above(min, request, 'defaultRequest', 'high', 'min value %low is greater than default request value %high');
  above(request, max, 'defaultRequest', 'low', 'default request value %low is greater than max value %high');
  above(
    request,
    limit,
    'defaultRequest',
    'low',
    'default request value %low is greater than default limit value %high',
  );
  above(min, limit, 'default', 'low', 'min value %low is greater than default value %high');
  above(limit, max, 'default', 'high', 'default value %low is greater than max value %high');
  errors.push(...ratioErrors(amounts, at.child('maxLimitRequestRatio').key(name)));
  if (!isOvercommitAllowed(name) && limit && request && limit.cmp(request) !== 0) {
    const detail = `default value ${limit.toString()} must equal to defaultRequest value ${request.toString()} in ${name}`;
    errors.push(invalid(at.child('defaultRequest').key(name), String(request), detail));
  }
  return errors;
}

function itemErrors(item: LimitRangeItem, at: Path): FieldError[] {
  const errors = [...nameErrors(item, 'max', at), ...nameErrors(item, 'min', at)];
  const ofPod = item.type === 'Pod';
  for (const list of ['default', 'defaultRequest'] as const) {
    if (!ofPod) errors.push(...nameErrors(item, list, at));
    else if (Object.keys(item[list] ?? {}).length > 0) {
      errors.push(forbidden(at.child(list), "may not be specified when `type` is 'Pod'"));
    }
  }
  if (item.type === 'PersistentVolumeClaim' && !item.min?.['storage'] && !item.max?.['storage']) {
    const detail = 'either minimum or maximum storage value is required, but neither was provided';
    errors.push(required(at.child('limits'), detail));
  }
  errors.push(...nameErrors(item, 'maxLimitRequestRatio', at));

  const compared = LISTS.filter((list) => !(ofPod && list.startsWith('default')));
  const names = new Set(compared.flatMap((list) => Object.keys(item[list] ?? {})));
  for (const name of [...names].sort()) {
    const amounts: Amounts = {};
    for (const list of compared) {
      const text = item[list]?.[name];
      if (text !== undefined) amounts[list] = quantity(text);
    }
    errors.push(...amountErrors(name, amounts, at));
  }
  return errors;
}

export function validate(object: LimitRange): FieldError[] {
  const seen = new Set<string>();
  return (object.spec?.limits ?? []).flatMap((item, position) => {
    const at = path('spec', 'limits').index(position);
    const errors = typeErrors(item.type, at.child('type'));
    if (seen.has(item.type)) errors.push(duplicate(at.child('type'), item.type));
    seen.add(item.type);
    return [...errors, ...itemErrors(item, at)];
  });
}
