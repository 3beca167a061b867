import { describe, expect, test } from '@jest/globals';
import type { KubeObject, Pod } from '#cluster/api/types.ts';
import { SeededRandom } from '#cluster/random.ts';
import { Store } from '#cluster/store/store.ts';
import { Table } from '#cluster/store/table.ts';

const object = (namespace: string, name: string, data = ''): KubeObject & { data: string } => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace },
  data,
});
const namesIn = (table: Table, namespace = '') =>
  table.list(namespace).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);

describe('a table', () => {
  test('is in key order, whatever the order of writes, all of it and of each namespace', () => {
    const random = new SeededRandom(7);
    const table = new Table(undefined);
    const there = new Set<string>();
    for (let write = 0; write < 300; write++) {
      const [namespace, name] = [
        `n${Math.floor(random.next() * 3)}${random.next() < 0.3 ? '-x' : ''}`,
        `o${Math.floor(random.next() * 20)}`,
      ];
      const key = `${namespace}/${name}`;
      if (random.next() < 0.3) {
        table.delete(key);
        there.delete(key);
      } else {
        table.set(key, object(namespace, name));
        there.add(key);
      }
      const sorted = [...there].sort();
      if (write % 5 > 0) continue;
      expect(namesIn(table)).toEqual(sorted);
      expect(namesIn(table, 'n1')).toEqual(sorted.filter((one) => one.startsWith('n1/')));
    }
  });

  test('a list stays as it was handed out, and is the same one until something is written', () => {
    const table = new Table(undefined);
    table.set('a/x', object('a', 'x'));
    const before = table.list('');
    expect(table.list('')).toBe(before);
    table.set('a/w', object('a', 'w'));
    expect(before).toHaveLength(1);
    expect(namesIn(table)).toEqual(['a/w', 'a/x']);
  });

  test('forks go their own ways', () => {
    const table = new Table(undefined);
    table.set('a/x', object('a', 'x'));
    table.list('');
    const fork = table.fork();
    fork.set('a/y', object('a', 'y'));
    table.delete('a/x');
    expect([namesIn(table), namesIn(fork)]).toEqual([[], ['a/x', 'a/y']]);
  });
});

test('pods are found by their node, and by a promise', () => {
  const store = new Store();
  const put = (name: string, nodeName: string, nominatedNodeName = '') =>
    store.put('pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default' },
      spec: { containers: [], nodeName },
      status: { nominatedNodeName },
    } as Pod);
  const names = (pods: readonly Pod[]) => pods.map(({ metadata }) => metadata.name);
  put('b', 'node01');
  expect(names(store.podsOn('node01'))).toEqual(['b']);
  put('a', '', 'node01');
  expect(names(store.promisedPods())).toEqual(['a']);
  put('a', 'node01');
  expect(names(store.podsOn('node01'))).toEqual(['a', 'b']);
  expect(store.promisedPods()).toEqual([]);
  put('b', 'node02');
  const fork = store.fork();
  store.remove('pods', 'default', 'a');
  expect([names(store.podsOn('node01')), names(fork.podsOn('node01'))]).toEqual([[], ['a']]);
});
