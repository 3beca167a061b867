/** What must hold for every server-side apply. */
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { KubeObject } from '../../api/types.ts';
import { takeEmpties } from '../empties.ts';
import { schemaNameOf } from '../lookup.ts';
import { applyServerSide } from './index.ts';

const gvk = { group: 'apps', version: 'v1', kind: 'Deployment' };
const schemaName = schemaNameOf(gvk.group, gvk.version, gvk.kind) ?? '';
const NOW = Date.parse('2026-01-01T00:00:00Z');

const word = fc.constantFrom('a', 'b', 'c');
const labels = fc.dictionary(word, word, { maxKeys: 3, noNullPrototype: true });
const env = fc.uniqueArray(fc.record({ name: word, value: word }), { selector: ({ name }) => name, maxLength: 3 });
const container = fc.record({ name: word, image: word, env, args: fc.array(word, { maxLength: 2 }) });
const containers = fc.uniqueArray(container, { selector: ({ name }) => name, minLength: 1, maxLength: 3 });
const body = fc.record({
  apiVersion: fc.constant('apps/v1'),
  kind: fc.constant('Deployment'),
  metadata: fc.record({ name: fc.constant('d'), labels, finalizers: fc.uniqueArray(word, { maxLength: 2 }) }),
  spec: fc.record({
    replicas: fc.integer({ min: 1, max: 3 }),
    template: fc.record({ spec: fc.record({ containers, nodeSelector: labels }) }),
  }),
});
type Body = typeof body extends fc.Arbitrary<infer T> ? T : never;

function apply(live: KubeObject | undefined, applied: Body, manager: string): KubeObject {
  const write = { schemaName, gvk, subresource: '', now: NOW };
  const { object } = applyServerSide({ ...write, live, applied, manager, force: true });
  // as it is stored
  takeEmpties(object);
  return { ...object, metadata: { ...object.metadata, uid: '1' } };
}
const withoutOwners = ({ metadata, ...rest }: KubeObject) => {
  const { managedFields: _managedFields, ...others } = metadata;
  return { ...rest, metadata: others };
};

test('applying the same twice is applying it once', () => {
  fc.assert(
    fc.property(body, body, (first, second) => {
      const once = apply(apply(undefined, first, 'one'), second, 'two');
      expect(apply(once, second, 'two')).toEqual(once);
    }),
  );
});

test('who applies something else ends up where they would have been with that alone', () => {
  fc.assert(
    fc.property(body, body, (first, second) => {
      const changed = withoutOwners(apply(apply(undefined, first, 'me'), second, 'me'));
      const alone = withoutOwners(apply(undefined, second, 'me'));
      const bySorted = (object: object): unknown => JSON.parse(JSON.stringify(object));
      expect(bySorted(changed)).toEqual(bySorted(alone));
    }),
  );
});

test('who gives everything up leaves what another applied', () => {
  const nothing = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' } } as unknown as Body;
  fc.assert(
    fc.property(body, body, (mine, theirs) => {
      const both = apply(apply(undefined, mine, 'me'), theirs, 'they');
      const left = withoutOwners(apply(both, nothing, 'me'));
      const { spec } = withoutOwners(apply(undefined, theirs, 'they')) as unknown as Body;
      const items = (all: Body['spec']['template']['spec']['containers']) => new Map(all.map((one) => [one.name, one]));
      const kept = items((left as unknown as Body).spec.template.spec.containers);
      expect(kept).toEqual(items(spec.template.spec.containers));
      expect((left as unknown as Body).spec.replicas).toBe(spec.replicas);
    }),
  );
});
