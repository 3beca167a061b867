import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { KubeObject } from '#cluster/api/types.ts';
import { kinds } from '#cluster/kinds/index.ts';
import { resources } from '#cluster/schema/resources.ts';
import { listOptions } from './list-options.ts';
import { list } from './list.ts';
import { watch, type WatchEvent } from './watch.ts';
import { Store } from '#cluster/store/store.ts';

const info = resources.find(({ resource, group }) => resource === 'configmaps' && group === '');
if (!info) throw new Error('no configmaps');
const target = { info, name: 'configmaps', kind: kinds.get('configmaps') ?? { resource: 'configmaps' } };

interface Write {
  namespace: string;
  name: string;
  /** undefined: a removal. */
  team?: string | undefined;
}

const write: fc.Arbitrary<Write> = fc.record({
  namespace: fc.constantFrom('one', 'two'),
  name: fc.constantFrom('a', 'b', 'c', 'd'),
  team: fc.option(fc.constantFrom('red', 'blue'), { nil: undefined }),
});
const writes = fc.array(write, { maxLength: 40 });
const queries = fc.constantFrom(
  '',
  'labelSelector=team%3Dred',
  'labelSelector=team!%3Dred',
  'fieldSelector=metadata.name%3Da',
);
const namespaces = fc.constantFrom('', 'one');

function apply(store: Store, { namespace, name, team }: Write): void {
  if (team === undefined) store.remove('configmaps', namespace, name);
  else {
    const metadata = { name, namespace, labels: { team } };
    store.put('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata });
  }
}

const shown = (objects: readonly KubeObject[]) =>
  objects.map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}@${metadata.resourceVersion ?? ''}`);
const listed = (store: Store, namespace: string, query: string) =>
  list(store, target, namespace, listOptions(new URLSearchParams(query), false));

/** What a client that keeps a copy has after the events; `type` must fit what it had. */
function follow(copy: Map<string, KubeObject>, { type, object }: WatchEvent): void {
  if (object.kind === 'Status') throw new Error('the watch ended');
  const { metadata } = object as KubeObject;
  const key = `${metadata.namespace ?? ''}/${metadata.name}`;
  expect(copy.has(key)).toBe(type !== 'ADDED');
  if (type === 'DELETED') copy.delete(key);
  else copy.set(key, object as KubeObject);
}

test('a list and the watch from it make a later list', () => {
  fc.assert(
    fc.property(writes, writes, writes, queries, namespaces, (before, between, after, query, namespace) => {
      const store = new Store();
      for (const one of before) apply(store, one);
      const first = listed(store, namespace, query);
      for (const one of between) apply(store, one);
      const options = listOptions(
        new URLSearchParams(`${query}&resourceVersion=${first.metadata.resourceVersion}`),
        true,
      );
      const started = watch(store, target, namespace, '', options);
      const copy = new Map(first.items.map((item) => [`${item.metadata.namespace ?? ''}/${item.metadata.name}`, item]));
      for (const event of started.initial) follow(copy, event);
      const stop = started.follow((event) => follow(copy, event));
      for (const one of after) apply(store, one);
      stop();
      apply(store, { namespace: 'one', name: 'late', team: 'red' });
      store.remove('configmaps', 'one', 'late');
      expect(shown([...copy.values()]).sort()).toEqual(shown(listed(store, namespace, query).items).sort());
    }),
  );
});

test('chunks of a list, whatever is written between them, are the list of the first moment', () => {
  fc.assert(
    fc.property(writes, writes, fc.integer({ min: 1, max: 5 }), namespaces, (before, between, limit, namespace) => {
      const store = new Store();
      for (const one of before) apply(store, one);
      const whole = listed(store, namespace, '');
      const found: KubeObject[] = [];
      let token = '';
      do {
        const chunk = listed(store, namespace, `limit=${limit}&continue=${token}`);
        found.push(...chunk.items);
        expect(chunk.metadata.resourceVersion).toBe(whole.metadata.resourceVersion);
        expect(chunk.metadata.remainingItemCount ?? 0).toBe(whole.items.length - found.length);
        token = chunk.metadata.continue ?? '';
        for (const one of between) apply(store, one);
      } while (token !== '');
      expect(shown(found)).toEqual(shown(whole.items));
    }),
  );
});

test('an earlier state is the state as it was', () => {
  fc.assert(
    fc.property(writes, (all) => {
      const store = new Store();
      const then = new Map<number, string[]>();
      for (const one of all) {
        apply(store, one);
        then.set(store.revision, shown(store.list('configmaps')));
      }
      for (const [revision, expected] of then) {
        expect(shown(store.listAt('configmaps', revision) ?? [])).toEqual(expected);
      }
    }),
  );
});

test('forks go their own ways', () => {
  fc.assert(
    fc.property(writes, fc.array(fc.tuple(fc.nat({ max: 3 }), write), { maxLength: 60 }), (before, later) => {
      const parent = new Store();
      for (const one of before) apply(parent, one);
      // each with a twin that shares nothing: what the others write must not show
      const pairs = [0, 1, 2, 3].map((at) => {
        const twin = new Store();
        for (const one of before) apply(twin, one);
        return { store: at === 0 ? parent : at === 3 ? parent.fork().fork() : parent.fork(), twin };
      });
      for (const [at, one] of later) {
        const pair = pairs[at];
        if (!pair) continue;
        apply(pair.store, one);
        apply(pair.twin, one);
      }
      for (const { store, twin } of pairs) {
        expect(shown(store.list('configmaps'))).toEqual(shown(twin.list('configmaps')));
        expect(store.size).toBe(twin.size);
        expect(store.revision).toBe(twin.revision);
      }
    }),
  );
});
