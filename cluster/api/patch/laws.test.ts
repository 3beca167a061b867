/** What must hold for every patch, whatever is in it. */
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { equal } from '../merge.ts';
import { StatusError } from '../status.ts';
import type { Json, JsonObject } from '../types.ts';
import { applyJsonPatch } from './json.ts';
import { applyMergePatch } from './merge.ts';
import { strategicMerge, type PatchSchema } from './strategic.ts';

const key = fc.constantFrom('a', 'b', 'c', 'd~e', 'f/g', '');
const leaf = fc.oneof(fc.string({ maxLength: 3 }), fc.integer({ min: -3, max: 3 }), fc.boolean());
const { object } = fc.letrec<{ value: Json; object: JsonObject }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, leaf, fc.array(leaf, { maxLength: 3 }), tie('object')),
  object: fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
}));

const isMap = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const keysOf = (...objects: JsonObject[]) => new Set(objects.flatMap((one) => Object.keys(one)));

/** The merge patch from one object to another. */
function mergePatch(from: JsonObject, to: JsonObject): JsonObject {
  const patch: JsonObject = {};
  for (const name of keysOf(from, to)) {
    const [before, after] = [from[name], to[name]];
    if (after === undefined) patch[name] = null;
    else if (isMap(before) && isMap(after)) patch[name] = mergePatch(before, after);
    else if (!equal(before, after)) patch[name] = after;
  }
  return patch;
}

test('a merge patch made from two objects leads from one to the other, and no further', () => {
  fc.assert(
    fc.property(object, object, (from, to) => {
      const patch = mergePatch(from, to);
      const once = applyMergePatch(from, patch);
      expect(once).toEqual(to);
      expect(applyMergePatch(once, patch)).toEqual(to);
    }),
  );
});

const pointer = (path: readonly string[]) =>
  path.map((one) => `/${one.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

test('what a JSON patch adds it finds, and takes away again', () => {
  fc.assert(
    fc.property(object, key, leaf, (before, name, value) => {
      fc.pre(!(name in before));
      const path = pointer([name]);
      const added = applyJsonPatch(before, [
        { op: 'add', path, value },
        { op: 'test', path, value },
      ]);
      expect(added[name]).toEqual(value);
      expect(applyJsonPatch(added, [{ op: 'remove', path }])).toEqual(before);
      expect(applyJsonPatch(added, [{ op: 'move', from: path, path: '/moved' }])).toEqual({ ...before, moved: value });
    }),
  );
});

test('a patch is applied or refused, and never changes what it is applied to', () => {
  const op = fc.record(
    {
      op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test', 'nonsense'),
      path: fc.oneof(fc.array(fc.oneof(key, fc.constantFrom('0', '-1', '-', '9'))).map(pointer), fc.string()),
      from: fc.array(key).map(pointer),
      value: fc.oneof(leaf, object),
    },
    { requiredKeys: ['op', 'path'] },
  );
  fc.assert(
    fc.property(object, fc.array(op, { maxLength: 4 }), (before, patch) => {
      const kept = structuredClone(before);
      try {
        applyJsonPatch(before, patch);
      } catch (error) {
        expect(error).toBeInstanceOf(StatusError);
      }
      expect(before).toEqual(kept);
    }),
  );
});

/** Lists under `items` are told apart by their ids, those under `set` are sets, all others are replaced. */
const SCHEMA: PatchSchema = {
  field: (name) =>
    name === 'items'
      ? { mergeKey: 'id', strategies: ['merge'], inner: SCHEMA }
      : { strategies: name === 'set' ? ['merge'] : [], inner: SCHEMA },
};
const plainObject = fc.dictionary(fc.constantFrom('x', 'y', 'z'), leaf, { maxKeys: 3, noNullPrototype: true });
const item = fc
  .tuple(fc.constantFrom('1', '2', '3', '4', '5'), plainObject)
  .map(([id, rest]): JsonObject => ({ id, ...rest }));
const keyed = fc.record({
  items: fc.uniqueArray(item, { selector: (one) => one['id'], maxLength: 5 }),
  set: fc.uniqueArray(fc.constantFrom('p', 'q', 'r', 's'), { maxLength: 4 }),
  list: fc.array(leaf, { maxLength: 3 }),
  map: plainObject,
});
type Keyed = { items: JsonObject[]; set: string[]; list: Json[]; map: JsonObject };

/** The strategic patch that kubectl makes of two objects, leaving alone what `last` did not have. */
function strategicPatch(from: Keyed, to: Keyed, last: Keyed = from): JsonObject {
  const patch: JsonObject = {};
  const changed = to.items.flatMap((after): JsonObject[] => {
    const before = from.items.find(({ id }) => id === after['id']);
    const inside = before ? mergePatch(before, after) : after;
    return Object.keys(inside).length === 0 ? [] : [{ ...inside, id: after['id'] ?? '' }];
  });
  const gone = last.items.filter(({ id }) => !to.items.some((after) => after['id'] === id));
  patch['$setElementOrder/items'] = to.items.map(({ id }) => ({ id: id ?? '' }));
  patch['items'] = [...changed, ...gone.map(({ id }) => ({ id: id ?? '', $patch: 'delete' }))];
  patch['$setElementOrder/set'] = to.set;
  patch['set'] = to.set.filter((one) => !from.set.includes(one));
  patch['$deleteFromPrimitiveList/set'] = last.set.filter((one) => !to.set.includes(one));
  if (!equal(from.list, to.list)) patch['list'] = to.list;
  const map = mergePatch(from.map, to.map);
  if (Object.keys(map).length > 0) patch['map'] = map;
  return patch;
}
const whole = ({ items = [], set = [], list = [], map = {} }: Partial<Keyed>): Keyed => ({ items, set, list, map });

test('a strategic patch made from two objects leads from one to the other, and no further', () => {
  fc.assert(
    fc.property(keyed, keyed, (from, to) => {
      const patch = strategicPatch(from, to);
      const once = strategicMerge(from, patch, SCHEMA);
      expect(whole(once as Partial<Keyed>)).toEqual(to);
      expect(whole(strategicMerge(once, patch, SCHEMA) as Partial<Keyed>)).toEqual(to);
    }),
  );
});

test('what others put into lists stays when the patch comes from what was applied last', () => {
  const foreign = fc.record({
    items: fc.uniqueArray(
      fc.tuple(fc.constantFrom('foreign1', 'foreign2'), plainObject).map(([id, rest]): JsonObject => ({ id, ...rest })),
      { selector: (one) => one['id'], maxLength: 2 },
    ),
    set: fc.uniqueArray(fc.constantFrom('f1', 'f2'), { maxLength: 2 }),
  });
  fc.assert(
    fc.property(keyed, keyed, foreign, (last, to, others) => {
      const live = { ...last, items: [...last.items, ...others.items], set: [...last.set, ...others.set] };
      const merged = whole(strategicMerge(live, strategicPatch(live, to, last), SCHEMA));
      const isOurs = ({ id }: JsonObject) => typeof id === 'string' && !id.startsWith('foreign');
      expect(merged.items.filter(isOurs)).toEqual(to.items);
      expect(merged.set.filter((one) => !one.startsWith('f'))).toEqual(to.set);
      expect(new Set(merged.items.filter((one) => !isOurs(one)))).toEqual(new Set(others.items));
      expect(new Set(merged.set.filter((one) => one.startsWith('f')))).toEqual(new Set(others.set));
    }),
  );
});

test('$patch: replace leaves what the patch has, delete leaves nothing', () => {
  fc.assert(
    fc.property(keyed, plainObject, (from, map) => {
      expect(strategicMerge(from, { map: { ...map, $patch: 'replace' } }, SCHEMA)).toEqual({ ...from, map });
      expect(strategicMerge(from, { map: { $patch: 'delete' } }, SCHEMA)).toEqual({ ...from, map: {} });
      expect(strategicMerge(from, { items: [{ $patch: 'replace' }] }, SCHEMA)).toEqual({ ...from, items: [] });
    }),
  );
});
