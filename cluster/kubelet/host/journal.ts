/** The journal of a node's kubelet: what was written down when it happened, and what follows from how the node's pods are. */
import { parse as parseYaml, YAMLParseError } from 'yaml';
import type { Event, Node, Pod } from '../../api/types.ts';
import type { JournalEntry } from '../../machines.ts';
import { nodeFiles } from '../../node-files.ts';
import { podsOn } from '../../store/client.ts';
import { formatDate } from '../commands/date.ts';
import type { Box, Machine } from '../shell/box.ts';
import { lastWords, pidOf } from './kubelet-service.ts';

/** Milliseconds between starts of a service that fails, and between tries of a kubelet that reaches nobody. */
const RESTART = 10_000;
const RETRY = 7_000;
/** How much of what repeats itself is shown. */
const REPEATS = 20;

/** `Nov 21 19:59:00 node01 kubelet[812]: E1121 19:59:00.123456     812 run.go:72] ...` */
export function printed({ at, by, text, level }: JournalEntry, machine: Machine): string {
  const { kubelet } = machine.state();
  const pid = by === 'systemd' ? 1 : pidOf('kubelet', kubelet.since);
  const stamp = formatDate(at, '%b %d %H:%M:%S');
  const iso = new Date(at).toISOString();
  const micros = iso.slice(20, 23) + String(100 + (text.length % 900));
  const head =
    level === undefined
      ? ''
      : `${level}${iso.slice(5, 7)}${iso.slice(8, 10)} ${iso.slice(11, 19)}.${micros} ${String(pid).padStart(7)} `;
  return text
    .split('\n')
    .map((line) => `${stamp} ${machine.node} ${by}[${pid}]: ${head}${line}`)
    .join('\n');
}

const error = (at: number, text: string): JournalEntry => ({ at, by: 'kubelet', level: 'E', text });

/** When something that repeats itself every `period` happened last, the oldest first. */
function times(since: number, now: number, period: number): number[] {
  const count = Math.min(REPEATS, Math.floor((now - since) / period));
  const last = since + Math.floor((now - since) / period) * period;
  return Array.from({ length: count }, (_, index) => last - (count - 1 - index) * period);
}

/** Starts that systemd has made since the one that was written down. */
function restarts(box: Box, machine: Machine): JournalEntry[] {
  const { state, since, says, code } = machine.state().kubelet;
  const now = box.now();
  if (state === 'cut') return times(since - RETRY, now, RETRY).map((at) => error(at, says));
  if (state !== 'failing') return [];
  const first = Math.max(0, Math.floor((now - since) / RESTART) - REPEATS);
  const systemd = (at: number, text: string): JournalEntry => ({ at, by: 'systemd', text });
  return times(since, now, RESTART).flatMap((at, index) => [
    systemd(at, `kubelet.service: Scheduled restart job, restart counter is at ${first + index + 1}.`),
    systemd(at, 'Started kubelet.service - kubelet: The Kubernetes Node Agent.'),
    lastWords(at, says),
    systemd(at, `kubelet.service: Main process ${code.replace('exited, ', 'exited, code=exited, ')}`),
    systemd(at, "kubelet.service: Failed with result 'exit-code'."),
  ]);
}

/** Files among the manifests that are no pods. */
function badManifests(box: Box, machine: Machine): JournalEntry[] {
  const folder = machine.state().staticPodPath;
  const now = box.now();
  return Object.entries(nodeFiles(box.network.objects, machine.node)).flatMap(([path, text]) => {
    const name = path.slice(folder.length + 1);
    if (!path.startsWith(`${folder}/`) || name.startsWith('.') || name.includes('/')) return [];
    const why = manifestProblem(text);
    if (why === undefined) return [];
    const said = `${path}: couldn't parse as pod(${why}), please check config file`;
    return [
      error(
        now - (now % 20_000),
        `file.go:187] "Could not process manifest file" err=${JSON.stringify(said)} path=${JSON.stringify(path)}`,
      ),
    ];
  });
}

function manifestProblem(text: string): string | undefined {
  try {
    const read = parseYaml(text) as Partial<Pod> | null;
    if (typeof read !== 'object' || read === null) return "Object 'Kind' is missing in 'null'";
    if (read.kind === undefined) return `Object 'Kind' is missing in ${JSON.stringify(JSON.stringify(read))}`;
    return read.kind === 'Pod' ? undefined : `invalid pod: &${read.kind}{}`;
  } catch (fault) {
    if (!(fault instanceof YAMLParseError)) throw fault;
    const line = fault.linePos?.[0].line ?? 1;
    return `yaml: line ${line}: mapping values are not allowed in this context`;
  }
}

/** What a kubelet says of containers that do not come up, with the words that their status has. */
function podErrors(box: Box, machine: Machine): JournalEntry[] {
  const now = box.now();
  return podsOn(box.network.objects, machine.node).flatMap((pod) => {
    const { name, namespace = '', uid = '' } = pod.metadata;
    const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
    return statuses.flatMap(({ name: container, state }) => {
      const { reason, message } = state?.waiting ?? {};
      if (reason === undefined || message === undefined) return [];
      const why = `failed to "StartContainer" for ${JSON.stringify(container)} with ${reason}: ${JSON.stringify(message)}`;
      return times(now - 60_000, now, 14_000).map((at) =>
        error(
          at,
          `pod_workers.go:1324] "Error syncing pod, skipping" err=${JSON.stringify(why)} pod="${namespace}/${name}" podUID="${uid}"`,
        ),
      );
    });
  });
}

/** Warnings that the kubelet has told as events as well. */
function warnings(box: Box, machine: Machine): JournalEntry[] {
  return box.network.objects.list<Event>('events').flatMap((event) => {
    if (event.source?.component !== 'kubelet' || event.source.host !== machine.node || event.type !== 'Warning')
      return [];
    const { reason = '', message = '', involvedObject } = event;
    if (reason === 'BackOff' || reason === 'Failed') return [];
    const at = Date.parse(event.lastTimestamp ?? event.metadata.creationTimestamp ?? '') || 0;
    const whom = `${involvedObject?.namespace ?? ''}/${involvedObject?.name ?? ''}`;
    return [error(at, `kubelet.go:1341] ${JSON.stringify(reason)} err=${JSON.stringify(message)} pod="${whom}"`)];
  });
}

/** What stands at the beginning, of a machine whose kubelet was never started anew. */
function beginning(box: Box, machine: Machine): JournalEntry[] {
  const { packages, staticPodPath } = machine.state();
  const at =
    Date.parse(box.network.objects.get<Node>('nodes', '', machine.node)?.metadata.creationTimestamp ?? '') || 0;
  const says = (text: string): JournalEntry => ({ at, by: 'kubelet', level: 'I', text });
  return [
    { at, by: 'systemd', text: 'Started kubelet.service - kubelet: The Kubernetes Node Agent.' },
    says(`server.go:525] "Kubelet version" kubeletVersion="v${packages.kubelet}"`),
    says(`kubelet.go:383] "Adding static pod path" path=${JSON.stringify(staticPodPath)}`),
    says('server.go:1257] "Started kubelet"'),
    says(`kubelet_node_status.go:77] "Successfully registered node" node="${machine.node}"`),
  ];
}

/** The oldest first. */
export function journalOf(box: Box, machine: Machine): JournalEntry[] {
  const { journal, kubelet } = machine.state();
  const runs = kubelet.state === 'running' ? [...badManifests(box, machine), ...podErrors(box, machine)] : [];
  const all = [...beginning(box, machine), ...journal, ...restarts(box, machine), ...runs, ...warnings(box, machine)];
  return all.toSorted((a, b) => a.at - b.at);
}
