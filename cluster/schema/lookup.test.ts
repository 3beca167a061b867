import { expect, test } from '@jest/globals';
import { childSchema, goStruct, schema, schemaNameOf, schemaNames, walk } from './lookup.ts';
import { resources } from './resources.ts';

test('every resource has a schema', () => {
  for (const { group, version, kind } of resources)
    expect([kind, schemaNameOf(group, version, kind)]).not.toContain(undefined);
  expect(schemaNameOf('', 'v1', 'Foo')).toBeUndefined();
});

test('the facts of Go cover every schema with fields, and no other', () => {
  for (const name of schemaNames) {
    const go = goStruct(name)?.fields.map((field) => field.name);
    expect([name, go?.toSorted()]).toEqual([
      name,
      schema(name).fields && Object.keys(schema(name).fields ?? {}).toSorted(),
    ]);
  }
});

test('what a value holds', () => {
  const pod = { ref: 'io.k8s.api.core.v1.Pod' };
  const spec = childSchema(pod, 'spec');
  const containers = spec && childSchema(spec, 'containers');
  expect(containers && childSchema(containers, 0)).toEqual({ ref: 'io.k8s.api.core.v1.Container' });
  expect(childSchema(pod, 'nope')).toBeUndefined();
});

test('a walk goes outside in and leaves out what it is told to', () => {
  const seen: string[] = [];
  const pod = { metadata: { name: 'a', labels: { x: 'y' } }, spec: { containers: [{ image: 'i' }] }, unknown: 1 };
  walk(pod, { ref: 'io.k8s.api.core.v1.Pod' }, (_value, _of, path) => {
    seen.push(path.join('.'));
    return path.join('.') !== 'metadata';
  });
  expect(seen).toEqual(['', 'metadata', 'spec', 'spec.containers', 'spec.containers.0', 'spec.containers.0.image']);
});
