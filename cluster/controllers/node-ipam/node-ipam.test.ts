import { expect, test } from '@jest/globals';
import { makeNode, World } from '../../scheduler/test-support.ts';
import { nodeIpam } from './index.ts';

const ranges = (world: World, ...names: string[]) => names.map((name) => world.node(name)?.spec?.podCIDRs?.[0]);

test('each node gets pod addresses of its own', () => {
  const world = new World(nodeIpam).add(makeNode('a'), makeNode('b'), makeNode('c'));
  expect(ranges(world, 'a', 'b', 'c')).toEqual(['10.244.0.0/24', '10.244.1.0/24', '10.244.2.0/24']);
  expect(world.node('a')?.spec?.podCIDR).toBe('10.244.0.0/24');
});

test('a range that became free is used again, one that a node came with is not', () => {
  const world = new World(nodeIpam).add(
    makeNode('own', { podCIDR: '10.244.0.0/24', podCIDRs: ['10.244.0.0/24'] }),
    makeNode('b'),
    makeNode('c'),
  );
  world.remove('nodes', '', 'b').add(makeNode('d'));
  expect(ranges(world, 'own', 'c', 'd')).toEqual(['10.244.0.0/24', '10.244.2.0/24', '10.244.1.0/24']);
});
