import { describe, expect, test } from '@jest/globals';
import { badRequest } from '#cluster/api/status.ts';
import type { ConfigMap } from '#cluster/api/types.ts';
import { ManualClock } from '#cluster/clock.ts';
import { namespacedKey, type Again, type Controller, type ControllerContext } from '#cluster/controllers/controller.ts';
import { Loop } from '#cluster/loop.ts';
import { Store } from '#cluster/store/store.ts';

const configMap = (name: string): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
});

function setting(reconcilers: Record<string, (key: string) => Again>) {
  const store = new Store();
  const clock = new ManualClock(0);
  const faults: string[] = [];
  const controllers = Object.entries(reconcilers).map(([name, reconcile]): Controller => ({
    name,
    watches: { configmaps: ({ object }) => [namespacedKey(object)] },
    reconcile,
  }));
  const loop = new Loop({
    store,
    clock,
    controllers,
    // these controllers use nothing of it
    context: () => ({}) as ControllerContext,
    onFault: ({ name }, key, fault) => faults.push(`${name} ${key}: ${(fault as Error).message}`),
  });
  return { store, clock, loop, faults };
}

test('each change wakes each controller once, however often it happened', () => {
  const seen: string[] = [];
  const { store, loop } = setting({
    one: (key) => void seen.push(`one ${key}`),
    two: (key) => void seen.push(`two ${key}`),
  });
  store.put('configmaps', configMap('a'));
  store.put('configmaps', configMap('a'));
  expect(loop.idle).toBe(false);
  loop.settle();
  expect(seen).toEqual(['one default/a', 'two default/a']);
  expect(loop.idle).toBe(true);
});

test('what one controller writes, the next hears in the same settle', () => {
  const seen: string[] = [];
  const { store, loop } = setting({
    maker: (key) => {
      if (key === 'default/a') store.put('configmaps', configMap('b'));
    },
    seer: (key) => void seen.push(key),
  });
  store.put('configmaps', configMap('a'));
  loop.settle();
  expect(seen).toEqual(['default/a', 'default/b']);
});

describe('time', () => {
  test('a key is looked at again when its time has come, and not before', () => {
    let looks = 0;
    const { store, clock, loop } = setting({ one: () => (++looks < 3 ? { afterMs: 1000 } : undefined) });
    store.put('configmaps', configMap('a'));
    loop.settle();
    expect(loop.nextTimer()).toBe(1000);
    clock.moveTo(999);
    loop.settle();
    expect(looks).toBe(1);
    clock.moveTo(1000);
    loop.settle();
    clock.moveTo(2000);
    loop.settle();
    expect(looks).toBe(3);
    expect(loop.nextTimer()).toBeUndefined();
  });

  test('a refused key is tried again, later each time', () => {
    const tries: number[] = [];
    const { store, clock, loop, faults } = setting({
      one: () => {
        tries.push(clock.now());
        if (tries.length < 4) throw badRequest('not yet');
      },
    });
    store.put('configmaps', configMap('a'));
    loop.settle();
    for (let next = loop.nextTimer(); next !== undefined; next = loop.nextTimer()) {
      clock.moveTo(next);
      loop.settle();
    }
    expect(tries).toEqual([0, 5, 15, 35]);
    expect(faults).toEqual([]);
  });
});

test('a controller that breaks is told of, and stops no other', () => {
  const seen: string[] = [];
  const { store, loop, faults } = setting({
    broken: () => {
      throw new Error('our mistake');
    },
    sound: (key) => void seen.push(key),
  });
  store.put('configmaps', configMap('a'));
  loop.settle();
  expect(seen).toEqual(['default/a']);
  expect(faults).toEqual(['broken default/a: our mistake']);
});

test('controllers that undo each other are stopped and told of', () => {
  const { store, loop, faults } = setting({ restless: () => void store.put('configmaps', configMap('a')) });
  store.put('configmaps', configMap('a'));
  loop.settle();
  expect(faults).toEqual(['restless default/a: no rest after 200000 steps']);
});
