import { expect, test } from '@jest/globals';
import { schemaNameOf } from '#cluster/schema/lookup.ts';
import { alterations, shortened, turnedRound } from './alterations.ts';
import { placesOf, putAt, same, valueAtSteps, type Place } from './places.ts';

const ref = schemaNameOf('apps', 'v1', 'Deployment') ?? '';
const deployment = (containers: object[], replicas = 2) => ({ spec: { replicas, template: { spec: { containers } } } });
const web = { name: 'web', image: 'nginx:1.29' };
const sidecar = { name: 'sidecar', image: 'busybox' };
const paths = (was: unknown, is: unknown) => placesOf(was, is, { ref }).map(({ path }) => path);

test.each([
  { name: 'nothing', was: deployment([web]), is: deployment([web]), found: [] },
  { name: 'a number', was: deployment([web]), is: deployment([web], 3), found: ['spec.replicas'] },
  {
    name: 'a field of an entry that stands elsewhere now',
    was: deployment([web, sidecar]),
    is: deployment([sidecar, { ...web, image: 'x' }]),
    found: ['spec.template.spec.containers[name=web].image'],
  },
  {
    name: 'an entry more',
    was: deployment([web]),
    is: deployment([web, sidecar]),
    found: [
      'spec.template.spec.containers[name=sidecar]',
      'spec.template.spec.containers[name=sidecar].name',
      'spec.template.spec.containers[name=sidecar].image',
    ],
  },
  {
    name: 'an entry less',
    was: deployment([web, sidecar]),
    is: deployment([web]),
    found: ['spec.template.spec.containers'],
  },
  {
    name: 'a field taken away',
    was: { spec: { paused: true } },
    is: { spec: { replicas: 1 } },
    found: ['spec.paused', 'spec.replicas'],
  },
])('places: $name', ({ was, is, found }) => expect(paths(was, is)).toEqual(found));

test('words in another order are the same', () => {
  expect(same(['get', 'list'], ['list', 'get'])).toBe(true);
  expect(same([{ a: 1 }, { b: 1 }], [{ b: 1 }, { a: 1 }])).toBe(false);
  expect(same({}, undefined)).toBe(true);
});

test('what is put is found again, and can be taken away', () => {
  const object = deployment([{ ...web }, { ...sidecar }]);
  const [place] = placesOf(deployment([web, sidecar]), deployment([web, { ...sidecar, image: 'x' }]), { ref });
  const steps = place?.steps ?? [];
  putAt(object, steps, 'y');
  expect(valueAtSteps(object, steps)).toBe('y');
  putAt(object, steps, undefined);
  expect(object.spec.template.spec.containers[1]).toEqual({ name: 'sidecar' });
  putAt(object, steps.slice(0, -1), undefined);
  expect(object.spec.template.spec.containers).toEqual([web]);
});

const place = (field: string, is: unknown, of?: Place['of']): Place => ({
  path: field,
  steps: [{ field }],
  was: undefined,
  is,
  of,
});
const quantity = { ref: 'io.k8s.apimachinery.pkg.api.resource.Quantity' };

test.each<[Place, unknown[]]>([
  [place('replicas', 2), [3, 1]],
  [place('paused', true), [false]],
  [place('image', 'nginx:1.29'), ['nginx:1.29x']],
  [place('effect', 'NoSchedule'), ['PreferNoSchedule', 'NoExecute']],
  [place('memory', '512Mi', quantity), ['513Mi', '256Mi']],
  [place('WORKERS', '4'), ['5']],
  [place('verbs', ['get']), []],
])('alterations of %j', (one, others) => expect(alterations(one)).toEqual(others));

test('words are left out one by one, but not of a command', () => {
  expect(shortened(place('verbs', ['get', 'list']))).toEqual([['list'], ['get']]);
  expect(shortened(place('command', ['sh', '-c']))).toEqual([]);
});

test('lists are turned round where their order says nothing', () => {
  expect(turnedRound({ ports: [{ a: 1 }, { b: 2 }], command: ['x', 'y'] })).toEqual({
    ports: [{ b: 2 }, { a: 1 }],
    command: ['x', 'y'],
  });
  expect(turnedRound({ command: ['x', 'y'] })).toBeUndefined();
});
