/** Other values that somebody might have written by mistake. */
import { isQuantity } from '#grader/manifest.ts';
import { SEQUENCES, type Place } from './places.ts';

/** What else the API takes in fields whose values it lists, by the field's name; the facts know only some of them. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  effect: ['NoSchedule', 'PreferNoSchedule', 'NoExecute'],
  operator: ['Exists', 'Equal', 'In', 'NotIn', 'DoesNotExist'],
  persistentVolumeReclaimPolicy: ['Retain', 'Delete'],
  reclaimPolicy: ['Retain', 'Delete'],
  volumeBindingMode: ['Immediate', 'WaitForFirstConsumer'],
  accessModes: ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'],
  policyTypes: ['Ingress', 'Egress'],
  protocol: ['TCP', 'UDP'],
  pathType: ['Prefix', 'Exact'],
  verbs: ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'],
  whenUnsatisfiable: ['DoNotSchedule', 'ScheduleAnyway'],
  concurrencyPolicy: ['Allow', 'Forbid', 'Replace'],
};

const AMOUNT = /^([0-9.]+)([a-zA-Z]*|%)$/;

function otherWord(word: string, { of, steps }: Place): string[] {
  const field = steps.findLast((step) => 'field' in step);
  const name = field && 'field' in field ? field.field : '';
  const known = of?.enum ?? (Object.hasOwn(CHOICES, name) ? CHOICES[name] : undefined) ?? [];
  const choices = known.filter((choice) => choice !== word);
  const amount = AMOUNT.exec(word);
  if (amount && (isQuantity(of) || amount[2] === '%' || of?.ref?.endsWith('IntOrString'))) {
    const [, number = '', unit = ''] = amount;
    return [`${Number(number) + 1}${unit}`, `${Number(number) / 2}${unit}`];
  }
  // a number in text has to stay one, and a path one
  if (/^\d+$/.test(word)) return [String(Number(word) + 1), ...choices];
  return choices.length > 0 ? choices : [`${word}x`];
}

/** The likeliest first; the API may refuse some. */
export function alterations(place: Place): unknown[] {
  const { is } = place;
  if (typeof is === 'boolean') return [!is];
  if (typeof is === 'number') return [is + 1, is - 1];
  if (typeof is === 'string') return otherWord(is, place);
  return [];
}

/** Lists of words with one of them missing. */
export function shortened({ is, steps }: Place): unknown[][] {
  const last = steps.at(-1);
  if (!Array.isArray(is) || is.length < 2 || is.some((entry) => typeof entry === 'object')) return [];
  if (last !== undefined && 'field' in last && SEQUENCES.has(last.field)) return [];
  return is.map((_, index) => (is as unknown[]).filter((_word, other) => other !== index));
}

/** The object with its lists of maps turned round; undefined where there is none to turn. */
export function turnedRound(value: unknown): unknown {
  const turned = turn(value, '');
  return JSON.stringify(turned) === JSON.stringify(value) ? undefined : turned;
}

function turn(value: unknown, field: string): unknown {
  if (Array.isArray(value)) {
    const entries = value.map((entry) => turn(entry, field));
    return SEQUENCES.has(field) ? entries : entries.toReversed();
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, turn(inner, key)]));
}
