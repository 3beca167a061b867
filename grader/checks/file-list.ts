/** What has to be in a file that lists objects of the cluster, one a line, perhaps sorted. */
import { matches, parseLabelSelector } from '#cluster/api/selector.ts';
import { parseQuantity } from '#cluster/api/quantity.ts';
import { holds } from '../compare.ts';
import { schemaOf } from '../manifest.ts';
import { valueAt } from '../paths.ts';
import { show } from '../show.ts';
import type { CheckInput } from './check.ts';
import type { WantedLines } from './file-lines.ts';
import { all, infoOf, isLeaving } from './find.ts';

export interface FileList {
  apiVersion?: string;
  kind: string;
  namespace?: string;
  selector?: string;
  where?: Record<string, unknown>;
  /** Paths of what a line has to have, in this order. */
  show: string[];
  /** A path; with "-" before it from the largest down. */
  sort?: string;
}

export function expectedRows(list: FileList, { now }: CheckInput): WantedLines {
  const info = infoOf(list);
  const labels = list.selector === undefined ? [] : parseLabelSelector(list.selector);
  const found = all(now, info).filter(
    (object) =>
      (list.namespace === undefined || object.metadata.namespace === list.namespace) &&
      matches(labels, object.metadata.labels ?? {}) &&
      !isLeaving(object) &&
      holds(list.where ?? {}, object, schemaOf(info)),
  );
  const row = (object: unknown) => list.show.map((path) => show(valueAt(object, path)));
  if (list.sort === undefined) return { rows: found.map(row), ordered: false, whole: false };
  const path = list.sort.replace(/^-/, '');
  const turn = list.sort.startsWith('-') ? -1 : 1;
  const sorted = found
    .map((object) => ({ object, value: valueAt(object, path) }))
    .sort((a, b) => turn * inOrder(a.value, b.value));
  const ranks: number[] = [];
  for (const [index, { value }] of sorted.entries()) {
    const last = sorted[index - 1];
    ranks.push(last && inOrder(last.value, value) === 0 ? (ranks[index - 1] ?? 0) : index);
  }
  return { rows: sorted.map(({ object }) => row(object)), ordered: true, whole: false, ranks };
}

/** As `kubectl get --sort-by` does: amounts by their size, numbers in names by their value; what is not set comes first. */
function inOrder(a: unknown, b: unknown): number {
  const [one, other] = [a, b].map((value) => (value === undefined || value === null ? '' : value));
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  const [left, right] = [show(one), show(other)];
  const [amount, than] = [parseQuantity(left), parseQuantity(right)];
  if (amount && than) return amount.cmp(than);
  return natural(left, right);
}

/** web-9 before web-10. */
function natural(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.match(/\d+|\D+/g) ?? []);
  for (const [index, part] of (left ?? []).entries()) {
    const other = right?.[index];
    if (other === undefined) return 1;
    const numbers = /^\d/.test(part) && /^\d/.test(other);
    const away = numbers ? Number(part) - Number(other) : part < other ? -1 : Number(part > other);
    if (away !== 0) return away;
  }
  return (left?.length ?? 0) - (right?.length ?? 0);
}
