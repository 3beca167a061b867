/** Tests that put the recorded cases of a kind to our side. */
import { expect, test } from '@jest/globals';
import { causeOf, path, type FieldError } from '../../../api/field.ts';
import { ageText } from '../../../api/durations.ts';
import { validateObjectMeta } from '../../../api/names.ts';
import type { KubeObject } from '../../../api/types.ts';
import { decodeObject } from '../../../schema/decode.ts';
import { schemaNameOf } from '../../../schema/lookup.ts';
import type { Reader } from '../../../store/client.ts';
import type { Kind, UpdateContext } from '../../kind.ts';
import { comparable, comparableSentence, merged, readCases, readRecorded, type Answer } from './cases.ts';

const UID = '00000000-0000-0000-0000-000000000001';
const TIME = '2026-01-01T00:00:00Z';
const EMPTY: Reader = { get: () => undefined, list: () => [] };

const context = (now: number, subresource = ''): UpdateContext => ({
  store: EMPTY,
  clock: { now: () => now },
  random: { next: () => 0, suffix: () => 'bbbbb', uuid: () => UID },
  subresource,
});

function decoded<T extends KubeObject>(object: KubeObject): T {
  const [group = '', version = ''] = object.apiVersion.includes('/')
    ? object.apiVersion.split('/')
    : ['', object.apiVersion];
  return decodeObject(object, schemaNameOf(group, version, object.kind) ?? '').object as T;
}

/** The server walks amounts in no order of its own. */
const isAmount = (sentence: string) => /resources\.(?:limits|requests)/.test(sentence);

function expectRefused(errors: readonly FieldError[], refused: readonly string[]): void {
  const ours = errors.map((error) => {
    const { field, message } = causeOf(error);
    return comparableSentence(`${field}: ${message}`);
  });
  expect(ours.filter((sentence) => !isAmount(sentence))).toEqual(refused.filter((sentence) => !isAmount(sentence)));
  expect(ours.filter(isAmount).toSorted()).toEqual(refused.filter(isAmount).toSorted());
}

function replayCreate<T extends KubeObject>(kind: Kind<T>, given: KubeObject, answer: Answer, namespaced: boolean) {
  const object = decoded<T>(given);
  Object.assign(object.metadata, { uid: UID, creationTimestamp: TIME, ...(namespaced && { namespace: 'h3' }) });
  // what the ServiceAccount admission does
  if (given.kind === 'Pod') Object.assign((object as { spec?: object }).spec ?? {}, { serviceAccountName: 'default' });
  const at = context(Date.parse(TIME));
  kind.defaults?.(object);
  kind.prepareForCreate?.(object, at);
  const nameFormat = kind.nameFormat ?? 'dns1123Subdomain';
  const errors = [
    ...validateObjectMeta(object.metadata, { namespaced, nameFormat }, path('metadata')),
    ...(kind.validate?.(object, at) ?? []),
  ];
  expectRefused(errors, answer.refused ?? []);
  kind.canonicalize?.(object);
  const once = structuredClone(object);
  kind.defaults?.(object);
  expect(object).toEqual(once);
  if (!answer.stored) return;
  expect(comparable(object)).toEqual(answer.stored);
  expect((kind.warnings?.(object, undefined) ?? []).toSorted()).toEqual(answer.warnings ?? []);
}

function replayUpdate<T extends KubeObject>(
  kind: Kind<T>,
  live: KubeObject,
  merge: Record<string, unknown>,
  sub: string,
  answer: Answer,
) {
  const object = decoded<T>(merged(live, merge) as KubeObject);
  const old = structuredClone(live) as T;
  const at = context(0, sub);
  kind.defaults?.(object);
  if (sub === 'status') kind.prepareForStatusUpdate?.(object, old, at);
  else kind.prepareForUpdate?.(Object.assign(object, 'status' in old ? { status: old.status } : {}), old, at);
  const validate = sub === 'status' ? kind.validateStatusUpdate : kind.validateUpdate;
  expectRefused(validate?.(object, old, at) ?? [], answer.refused ?? []);
}

const isTime = (cell: unknown): cell is string => typeof cell === 'string' && /^\d{4}-\d\d-\d\dT/.test(cell);

/** Registers a test for each recorded case beside the test file whose `import.meta.url` is given. */
export function replay<T extends KubeObject>(kind: Kind<T>, testFile: string, namespaced = true): void {
  const cases = readCases(testFile);
  const recorded = readRecorded(testFile);
  for (const given of cases.creates ?? []) {
    const answer = recorded.creates[given.metadata.name] ?? {};
    test(`create ${given.metadata.name}: ${answer.stored ? 'stored' : 'refused'} as by the real server`, () =>
      replayCreate(kind, given, answer, namespaced));
  }
  for (const { create, patches } of cases.updates ?? []) {
    const { live, answers } = recorded.updates[create.metadata.name] ?? { live: create, answers: [] };
    for (const [position, { merge, sub = '' }] of patches.entries())
      test(`update ${create.metadata.name} ${sub} ${JSON.stringify(merge)}`, () =>
        replayUpdate(kind, live, merge, sub, answers[position] ?? {}));
  }
  for (const given of cases.rows ?? []) {
    const row = recorded.rows[given.metadata.name];
    test(`the row of ${given.metadata.name}`, () => {
      if (!row) throw new Error('not recorded');
      const cells = kind.cells?.(decoded<T>(row.live), context(row.now)) ?? [];
      expect(cells.map((cell) => (isTime(cell) ? ageText(row.now - Date.parse(cell)) : cell))).toEqual(row.cells);
    });
  }
}
