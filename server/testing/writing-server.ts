/**
 * A server to be killed: node server/testing/writing-server.ts DATA_FOLDER. Opens a session on a real cluster, creates ConfigMaps c0, c1, ... in it
 * without end, and prints the name of each once the API server has confirmed it.
 */
import { once } from 'node:events';
import { Agent, request } from 'node:https';
import { connect as tls } from 'node:tls';
import { pino } from 'pino';
import { parse } from 'yaml';
import { ClusterHost } from '#cluster/serve/host.ts';
import { LiveSessions } from '../live/sessions.ts';
import type { WorkspaceRequest } from '../ports.ts';
import { fakeParts } from './fake-parts.ts';
import { writtenPlan } from './written-plan.ts';

const dataDir = process.argv[2] ?? '';
const asked: WorkspaceRequest[] = [];
const { workspaces } = fakeParts();
const live = new LiveSessions({
  clusters: await ClusterHost.start(),
  workspaces: { ...workspaces, open: (wanted) => (asked.push(wanted), workspaces.open(wanted)) },
  dataDir,
  now: Date.now,
  log: pino({ level: 'silent' }),
});
await live.workspace(writtenPlan);
const [machine] = asked;
if (machine === undefined || machine.hosts !== undefined) throw new Error('no machine was asked for');
const { users } = parse(machine.kubeconfig) as { users: { user: Record<string, string> }[] };
const pem = (name: string): Buffer => Buffer.from(users[0]?.user[name] ?? '', 'base64');
const socket = tls({
  socket: machine.connect(),
  cert: pem('client-certificate-data'),
  key: pem('client-key-data'),
  rejectUnauthorized: false,
  ALPNProtocols: ['http/1.1'],
});
await once(socket, 'secureConnect');
const agent = Object.assign(new Agent({ keepAlive: true, maxSockets: 1 }), { createConnection: () => socket });
for (let n = 0; ; n += 1) {
  const body = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `c${n}` } });
  const asking = request({
    agent,
    method: 'POST',
    path: '/api/v1/namespaces/default/configmaps',
    headers: { 'content-type': 'application/json' },
  });
  asking.end(body);
  const [answer] = (await once(asking, 'response')) as [NodeJS.ReadableStream & { statusCode: number }];
  if (answer.statusCode !== 201) throw new Error(`HTTP ${answer.statusCode}`);
  answer.resume();
  await once(answer, 'end');
  process.stdout.write(`c${n}\n`);
}
