import { describe, expect, test } from '@jest/globals';
import type { ConfigMap } from '#cluster/api/types.ts';
import { LIMITS } from '#cluster/limits.ts';
import { Store, type StoreEvent } from '#cluster/store/store.ts';

const configMap = (name: string, data: Record<string, string> = {}, namespace = 'default'): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace },
  data,
});
const names = (store: Store, namespace?: string) =>
  store.list('configmaps', namespace).map(({ metadata }) => metadata.name);

describe('versions', () => {
  test('every write has a revision of its own, shared by all resources', () => {
    const store = new Store();
    const first = store.put('configmaps', configMap('a'));
    store.put('secrets', { ...configMap('s'), kind: 'Secret' });
    const second = store.put('configmaps', configMap('a', { k: 'v' }));
    expect([first, second].map(({ metadata }) => metadata.resourceVersion)).toEqual(['2', '4']);
    expect(store.revision).toBe(4);
  });

  test('what is stored cannot be changed any more', () => {
    const stored = new Store().put('configmaps', configMap('a', { k: 'v' })) as ConfigMap;
    expect(() => Object.assign(stored.data ?? {}, { k: 'other' })).toThrow(TypeError);
  });

  test('a list is in key order and can be narrowed to a namespace', () => {
    const store = new Store();
    store.put('configmaps', configMap('b', {}, 'two'));
    store.put('configmaps', configMap('z', {}, 'one'));
    store.put('configmaps', configMap('a', {}, 'two'));
    expect(names(store)).toEqual(['z', 'a', 'b']);
    expect(names(store, 'two')).toEqual(['a', 'b']);
    store.put('configmaps', configMap('a', { changed: 'yes' }, 'two'));
    expect(names(store)).toEqual(['z', 'a', 'b']);
    store.remove('configmaps', 'two', 'a');
    expect(names(store)).toEqual(['z', 'b']);
  });
});

describe('history', () => {
  test('tells what happened to a resource after a revision, with the state before', () => {
    const store = new Store();
    const { revision } = store;
    store.put('configmaps', configMap('a'));
    store.put('configmaps', configMap('a', { k: 'v' }));
    store.remove('configmaps', 'default', 'a');
    const events = store.since('configmaps', revision) ?? [];
    expect(events.map(({ type, revision: at }) => `${type} ${at}`)).toEqual(['ADDED 2', 'MODIFIED 3', 'DELETED 4']);
    expect(events[2]?.old?.metadata.resourceVersion).toBe('3');
    expect(events[2]?.object.metadata.resourceVersion).toBe('4');
    expect(store.since('configmaps', 3)).toHaveLength(1);
  });

  test('says when a revision is too far back', () => {
    const store = new Store();
    for (let write = 0; write <= LIMITS.history; write++)
      store.put('configmaps', configMap('a', { write: String(write) }));
    expect(store.since('configmaps', 1)).toBeUndefined();
    expect(store.since('configmaps', store.revision - 1)).toHaveLength(1);
  });

  test('listeners hear each write until they stop', () => {
    const store = new Store();
    const heard: StoreEvent['type'][] = [];
    const stop = store.subscribe(({ type }) => heard.push(type));
    store.put('configmaps', configMap('a'));
    store.remove('configmaps', 'default', 'a');
    stop();
    store.put('configmaps', configMap('b'));
    expect(heard).toEqual(['ADDED', 'DELETED']);
  });

  test('removing what is not there is no event', () => {
    const store = new Store();
    expect(store.remove('configmaps', 'default', 'ghost')).toBeUndefined();
    expect(store.revision).toBe(1);
  });
});

describe('forks and snapshots', () => {
  test('a fork and its origin go their own ways', () => {
    const origin = new Store();
    origin.put('configmaps', configMap('shared'));
    const fork = origin.fork();
    fork.put('configmaps', configMap('only-fork'));
    origin.put('configmaps', configMap('only-origin'));
    fork.remove('configmaps', 'default', 'shared');
    expect(names(origin)).toEqual(['only-origin', 'shared']);
    expect(names(fork)).toEqual(['only-fork']);
    expect([origin.size, fork.size]).toEqual([2, 1]);
  });

  test('a restored store goes on where the snapshot was taken', () => {
    const store = new Store();
    store.put('configmaps', configMap('a', { k: 'v' }));
    const restored = Store.restore(JSON.parse(JSON.stringify(store.snapshot())) as ReturnType<Store['snapshot']>);
    expect(restored.snapshot()).toEqual(store.snapshot());
    expect(restored.put('configmaps', configMap('b')).metadata.resourceVersion).toBe('3');
    expect(restored.since('configmaps', 1)).toBeUndefined();
  });
});

test('a full store refuses more objects as etcd does, and still takes changes', () => {
  const store = new Store();
  for (let index = 0; index < LIMITS.objects; index++) store.put('configmaps', configMap(`c${index}`));
  expect(() => store.put('configmaps', configMap('one-more'))).toThrow('etcdserver: mvcc: database space exceeded');
  expect(store.put('configmaps', configMap('c0', { k: 'v' }))).toBeDefined();
});
