/** The garbage collector: ConfigMaps that own each other, deleted in all ways. */
import { create, patch, remove, type Draw, type Step, type Subject } from '../step.ts';

const NAMES = ['a', 'b', 'c', 'd'];

const reference = (draw: Draw, name: string) => ({
  apiVersion: 'v1',
  kind: draw.chance(0.9) ? 'ConfigMap' : draw.of(['Secret', 'Node', 'Unknown']),
  name,
  uid: draw.chance(0.85) ? `<uid:configmaps/${name}>` : '11111111-2222-3333-4444-555555555555',
  ...draw.maybe({ blockOwnerDeletion: true }),
  ...draw.maybe({ controller: true }, 0.2),
});

function change(draw: Draw): Step[] {
  const name = draw.of(NAMES);
  const at = `configmaps/${name}`;
  const others = NAMES.filter((other) => other !== name && draw.chance(0.4));
  return draw.of<() => Step[]>([
    () => [patch(at, { metadata: { ownerReferences: others.map((other) => reference(draw, other)) } })],
    () => [patch(at, { metadata: { ownerReferences: others.map((other) => reference(draw, other)) } })],
    () => [
      create('configmaps', { metadata: { name, ownerReferences: others.map((other) => reference(draw, other)) } }),
    ],
    () => [create('configmaps', { metadata: { name, ...draw.maybe({ finalizers: ['example.com/hold'] }) } })],
    () => [patch(at, { metadata: { finalizers: ['example.com/hold'] } })],
    () => [patch(at, { metadata: { finalizers: null } })],
    () => [remove(at, 'Foreground')],
    () => [remove(at, 'Background')],
    () => [remove(at, 'Orphan')],
    () => [remove(at)],
  ])();
}

export const owners: Subject = {
  quiet: 1200,
  steps: (draw) => [
    ...NAMES.slice(0, 3).map((name) => create('configmaps', { metadata: { name } })),
    ...Array.from({ length: 12 }, () => change(draw)).flat(),
  ],
};
