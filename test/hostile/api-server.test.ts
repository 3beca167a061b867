/** Floods and slow requests to one's own API server. Another learner's cluster in the same server must go on answering. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { ClusterHost } from '#cluster/serve/host.ts';
import { API_CONNECTIONS } from '#workspace/limits.ts';
import { testMachines } from '#workspace/test-machine.ts';
import type { Workspace } from '#workspace/index.ts';

jest.setTimeout(60_000);

let machines: Awaited<ReturnType<typeof testMachines>>;
let clusters: ClusterHost;
let attacker: Workspace;
let neighbour: Workspace;
/** Connections of the attacker's that are open at this end, and the most there were. */
let open = 0;
let most = 0;

beforeAll(async () => {
  // One thread for both: the worst case.
  clusters = await ClusterHost.start({ workers: 1 });
  machines = await testMachines();
  const [first, second] = [await clusters.create({ nodes: ['node01'] }), await clusters.create({ nodes: ['node01'] })];
  attacker = await machines.open({
    id: 'attacker',
    kubeconfig: first.kubeconfig,
    connect: () => {
      const socket = first.connect();
      open += 1;
      most = Math.max(most, open);
      socket.once('close', () => (open -= 1));
      return socket;
    },
  });
  neighbour = await machines.open({
    id: 'neighbour',
    kubeconfig: second.kubeconfig,
    connect: () => second.connect(),
  });
});
afterAll(async () => {
  await machines.close();
  await clusters.close();
});

const flood = (what: string): string =>
  `perl -MIO::Socket::INET -e 'my @s; for (1 .. 600) { my $s = IO::Socket::INET->new(PeerAddr => "127.0.0.1:6443", Timeout => 1) or next; push @s, $s; ${what} } print "flooded\\n"; $| = 1; sleep 4'`;

test.each([
  { name: 'connections that say nothing', heldBy: 'API_CONNECTIONS of one workspace', script: flood('') },
  {
    name: 'half a TLS handshake on each',
    heldBy: 'API_CONNECTIONS of one workspace',
    script: flood('syswrite $s, "\\x16\\x03\\x01\\x02\\x00\\x01"'),
  },
  {
    name: 'bytes that are no TLS',
    heldBy: 'the connection ends',
    script: flood('syswrite $s, "GET / HTTP/1.1\\r\\n" x 100'),
  },
  {
    name: 'requests whose bodies come a byte at a time',
    heldBy: 'API_CONNECTIONS of one workspace, and a server that waits for nobody',
    script:
      'for i in $(seq 20); do (printf "{"; sleep 4) | timeout 5 kubectl create -f - >/dev/null 2>&1 & done; sleep 4; echo flooded',
  },
  {
    name: 'requests as fast as they go',
    heldBy: 'the cluster’s own limits, and turns in its thread',
    script:
      'for i in 1 2 3 4; do timeout 4 kubectl get --raw "/api/v1/namespaces/default/pods?watch=true" >/dev/null 2>&1 & timeout 4 sh -c "while :; do kubectl get --raw /version; done" >/dev/null 2>&1 & done; wait; echo flooded',
  },
])('$name: held by $heldBy', async ({ script }) => {
  const flooding = attacker.run(script, { timeoutMs: 20_000 });
  const answers = await neighbour.run('sleep 1; for i in 1 2 3; do kubectl get ns default -o name || echo none; done', {
    timeoutMs: 30_000,
  });
  expect(answers.stdout).toBe('namespace/default\n'.repeat(3));
  await flooding;
  expect(most).toBeLessThanOrEqual(API_CONNECTIONS);
  const after = await attacker.run('kubectl get ns default -o name', { timeoutMs: 30_000 });
  expect(after.stdout).toBe('namespace/default\n');
});
