import { afterAll, expect, test } from '@jest/globals';
import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { folder } from '#grader/testing.ts';
import type { Scenario } from '#grader/types.ts';
import { readCluster } from './read-cluster.ts';

/** Stands in for kubectl: answers a list that names what was asked for, and refuses secrets. */
const KUBECTL = `#!/bin/sh
case "$4" in
  secrets) echo 'Error from server (Forbidden): secrets is forbidden' >&2; exit 1 ;;
  *) echo "{\\"items\\": [{\\"kind\\": \\"Any\\", \\"metadata\\": {\\"name\\": \\"$4\\"}}]}" ;;
esac
`;
const root = folder({ kubectl: KUBECTL });
chmodSync(join(root, 'kubectl'), 0o755);
afterAll(() => rmSync(root, { recursive: true }));

const asking = (...kinds: string[]) =>
  ({
    checks: kinds.map((kind) => ({
      run: { kind: 'object', options: { object: { kind, name: 'x' }, expect: { spec: {} } } },
    })),
  }) as unknown as Scenario;
const access = { kubeconfig: 'any', kubectl: join(root, 'kubectl') };

test('reads the kinds that the checks mention, once each', async () => {
  const { resources } = await readCluster(asking('Deployment', 'Node', 'Node'), access);
  expect(resources).toEqual({
    'deployments.apps': [{ kind: 'Any', metadata: { name: 'deployments.apps' } }],
    nodes: [{ kind: 'Any', metadata: { name: 'nodes' } }],
  });
});

test("says in kubectl's words what cannot be read", async () => {
  await expect(readCluster(asking('Secret'), access)).rejects.toThrow(
    'cannot read secrets: Error from server (Forbidden): secrets is forbidden',
  );
});
