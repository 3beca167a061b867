/** Starting and stopping a node's kubelet: what its files make of it, and what the journal and the cluster hear of that. */
import type { Node } from '../../api/types.ts';
import type { JournalEntry } from '../../machines.ts';
import type { Box, Machine } from '../shell/box.ts';
import { startKubelet, type Started } from './kubelet-start.ts';

const UNIT = 'kubelet.service';
export const STARTED = `Started ${UNIT} - kubelet: The Kubernetes Node Agent.`;

const FIRST_PIDS = { kubelet: 812, containerd: 644 };
/** Of a service that was started anew; the first ones belong to the machine's start. */
export const pidOf = (name: keyof typeof FIRST_PIDS, since: number): number =>
  since === 0 ? FIRST_PIDS[name] : 4000 + (Math.floor(since / 1000) % 25_000);

/** What stops a connection, in Go's words. */
const dialFrom =
  ({ network }: Box) =>
  (host: string, port: number): string | undefined => {
    if (!/^[\d.]+$/.test(host) && host !== 'localhost') {
      return `dial tcp: lookup ${host} on 127.0.0.53:53: no such host`;
    }
    const dialled = network.dial(host === 'localhost' ? '127.0.0.1' : host, port);
    if (dialled.kind === 'open') return undefined;
    const why = {
      refused: 'connect: connection refused',
      silent: 'i/o timeout',
      unreachable: 'connect: no route to host',
    }[dialled.kind];
    return `dial tcp ${host}:${port}: ${why}`;
  };

const attempt = (box: Box, machine: Machine): Started =>
  startKubelet({
    files: box.files,
    containerdRuns: machine.state().containerd.runs,
    swap: machine.state().swap,
    dial: dialFrom(box),
    authority: machine.authority,
    apiServes: machine.apiServes(),
  });

const systemd = (at: number, text: string): JournalEntry => ({ at, by: 'systemd', text });
/** What a kubelet says last; where there is none to run, systemd says it. */
export const lastWords = (at: number, says: string): JournalEntry =>
  says.startsWith(UNIT) ? systemd(at, says) : kubelet(at, 'E', says);
const kubelet = (at: number, level: string, text: string): JournalEntry => ({ at, by: 'kubelet', level, text });

/** The version that runs is the one that is installed: the node says so once it is started. */
function report({ client, node, state }: Machine): void {
  const version = `v${state().packages.kubelet}`;
  const found = client().get<Node>('nodes', '', node);
  const { nodeInfo } = found?.status ?? {};
  if (!found || !nodeInfo || nodeInfo.kubeletVersion === version) return;
  const status = { ...found.status, nodeInfo: { ...nodeInfo, kubeletVersion: version } };
  client().updateStatus<Node>('nodes', { ...found, status });
}

/** What a kubelet says when it starts well. */
const greetings = (version: string, staticPodPath: string): string[] => [
  `server.go:525] "Kubelet version" kubeletVersion="v${version}"`,
  'server.go:527] "Golang settings" GOGC="" GOMAXPROCS="" GOTRACEBACK=""',
  ...(staticPodPath === '' ? [] : [`kubelet.go:383] "Adding static pod path" path=${JSON.stringify(staticPodPath)}`]),
  'server.go:1257] "Started kubelet"',
  'status_manager.go:249] "Starting to sync pod status with apiserver"',
  'kubelet.go:2501] "Starting kubelet main sync loop"',
];

/** Does nothing where it runs already. */
export function start(box: Box, machine: Machine, quiet = false): void {
  const { state } = machine.state().kubelet;
  if (state === 'running' || state === 'cut') return;
  settle(box, machine, attempt(box, machine), quiet);
}

function settle(box: Box, machine: Machine, started: Started, quiet: boolean): void {
  const at = box.now();
  const before = machine.state();
  const own = { ...before.kubelet, since: at, says: '', code: '' };
  const begun = quiet ? [] : [systemd(at, STARTED)];
  switch (started.kind) {
    case 'ends': {
      const { says, code } = started;
      machine.log(
        ...begun,
        lastWords(at, says),
        systemd(at, `${UNIT}: Main process ${code.replace('exited, ', 'exited, code=exited, ')}`),
      );
      machine.log(systemd(at, `${UNIT}: Failed with result 'exit-code'.`));
      machine.change({ kubelet: { ...own, state: 'failing', says, code } });
      machine.switchKubelet(false);
      return;
    }
    case 'cut':
      machine.log(
        ...begun,
        ...greetings(before.packages.kubelet, started.staticPodPath).map((text) => kubelet(at, 'I', text)),
      );
      machine.change({ kubelet: { ...own, state: 'cut', says: started.says }, staticPodPath: started.staticPodPath });
      machine.switchKubelet(false);
      return;
    default:
      machine.log(
        ...begun,
        ...greetings(before.packages.kubelet, started.staticPodPath).map((text) => kubelet(at, 'I', text)),
        ...started.warnings.map((text) => kubelet(at, 'E', text)),
        kubelet(at, 'I', `kubelet_node_status.go:77] "Successfully registered node" node="${machine.node}"`),
      );
      machine.change({ kubelet: { ...own, state: 'running' }, staticPodPath: started.staticPodPath });
      machine.switchKubelet(true);
      report(machine);
  }
}

export function stop(box: Box, machine: Machine): void {
  const before = machine.state();
  if (before.kubelet.state === 'stopped') return;
  const at = box.now();
  machine.log(systemd(at, `Stopping ${UNIT} - kubelet: The Kubernetes Node Agent...`));
  machine.log(systemd(at, `${UNIT}: Deactivated successfully.`));
  machine.log(systemd(at, `Stopped ${UNIT} - kubelet: The Kubernetes Node Agent.`));
  machine.change({ kubelet: { ...before.kubelet, state: 'stopped', since: at, says: '', code: '' } });
  machine.switchKubelet(false);
}

/** A kubelet that ends is started again by systemd, with the files as they are by then. */
export function goOn(box: Box, machine: Machine): void {
  if (machine.state().kubelet.state !== 'failing') return;
  const started = attempt(box, machine);
  if (started.kind !== 'ends' || started.says !== machine.state().kubelet.says) settle(box, machine, started, false);
}
