import { expect, test } from '@jest/globals';
import { deepFreeze } from '../api/merge.ts';
import type { KubeObject } from '../api/types.ts';
import { itemJson, objectJson } from './object-json.ts';

const configMap = (): KubeObject & { data: Record<string, string> } => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a' },
  data: { key: 'é "quoted" \u{1f600}' },
});

test('a whole object begins with its kind', () => {
  expect(objectJson(configMap())).toBe(
    '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"},"data":{"key":"é \\"quoted\\" \u{1f600}"}}',
  );
});

test('an item of a list says nothing of its kind', () => {
  expect(itemJson(configMap())).toBe('{"metadata":{"name":"a"},"data":{"key":"é \\"quoted\\" \u{1f600}"}}');
});

test('a kind that no struct knows has its keys sorted', () => {
  const widget = { kind: 'Widget', spec: { b: 1, a: '<' }, apiVersion: 'example.com/v1' } as unknown as KubeObject;
  const text = String.raw`{"apiVersion":"example.com/v1","kind":"Widget","spec":{"a":"\u003c","b":1}}`;
  expect(objectJson(widget)).toBe(text);
  expect(itemJson(widget)).toBe(text);
});

test('a stored object is written once', () => {
  const stored = deepFreeze(configMap());
  let read = 0;
  const counted = new Proxy(stored, { get: (target, key) => (read++, Reflect.get(target, key) as unknown) });
  const first = itemJson(counted);
  const reads = read;
  expect(itemJson(counted)).toBe(first);
  expect(read).toBe(reads);
});

test('an object that may still change is written anew', () => {
  const object = configMap();
  itemJson(object);
  object.data['key'] = 'other';
  expect(itemJson(object)).toBe('{"metadata":{"name":"a"},"data":{"key":"other"}}');
});
