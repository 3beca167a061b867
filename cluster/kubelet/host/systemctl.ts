/** systemctl, as far as a node's own services go: the kubelet and containerd. Its words are systemd 255's (Ubuntu 24.04). */
import type { Node } from '../../api/types.ts';
import { formatDate } from '../commands/date.ts';
import { FileError } from '../files/file-view.ts';
import type { Box, Context, Machine, Program } from '../shell/box.ts';
import { atOnce } from '../shell/coroutine.ts';
import { journalOf, printed } from './journal.ts';
import { goOn, pidOf, start, stop } from './kubelet-service.ts';
import { commandOf, unitFiles } from './kubelet-unit.ts';

const NOT_BOOTED =
  "System has not been booted with systemd as init system (PID 1). Can't operate.\nFailed to connect to bus: Host is down\n";
/** What systemctl ends with: a service that does not run, one that there is not, and one that it could not find. */
const INACTIVE = 3;
const NO_SUCH = 4;
const NOT_FOUND = 5;
const LINES = 10;

interface Service {
  unit: string;
  about: string;
  docs: string;
  path: string;
  /** `active (running)`, `inactive (dead)`, `activating (auto-restart) (Result: exit-code)` */
  active: string;
  since: number;
  enabled: boolean;
  pid: number;
  command: string;
  start(): void;
  stop(): void;
  enable(on: boolean): void;
}

function bornAt({ network }: Box, { node }: Machine): number {
  return Date.parse(network.objects.get<Node>('nodes', '', node)?.metadata.creationTimestamp ?? '') || 0;
}

function kubeletService(box: Box, machine: Machine): Service {
  const { kubelet } = machine.state();
  const command = commandOf(box.files);
  const active = {
    running: 'active (running)',
    cut: 'active (running)',
    stopped: 'inactive (dead)',
    failing: 'activating (auto-restart) (Result: exit-code)',
  }[kubelet.state];
  return {
    unit: 'kubelet.service',
    about: 'kubelet: The Kubernetes Node Agent',
    docs: 'https://kubernetes.io/docs/',
    path: unitFiles(box.files)[0]?.path ?? '',
    active,
    since: kubelet.since || bornAt(box, machine),
    enabled: kubelet.enabled,
    pid: pidOf('kubelet', kubelet.since),
    command: typeof command === 'string' ? '/usr/bin/kubelet' : command.join(' '),
    start: () => start(box, machine),
    stop: () => stop(box, machine),
    enable: (enabled) => machine.change({ kubelet: { ...machine.state().kubelet, enabled } }),
  };
}

function containerdService(box: Box, machine: Machine): Service {
  const { containerd } = machine.state();
  const turn = (runs: boolean) => {
    if (machine.state().containerd.runs === runs) return;
    machine.change({ containerd: { ...machine.state().containerd, runs, since: box.now() } });
  };
  return {
    unit: 'containerd.service',
    about: 'containerd container runtime',
    docs: 'https://containerd.io',
    path: '/usr/lib/systemd/system/containerd.service',
    active: containerd.runs ? 'active (running)' : 'inactive (dead)',
    since: containerd.since || bornAt(box, machine),
    enabled: containerd.enabled,
    pid: pidOf('containerd', containerd.since),
    command: '/usr/bin/containerd',
    start: () => turn(true),
    stop: () => turn(false),
    enable: (enabled) => machine.change({ containerd: { ...machine.state().containerd, enabled } }),
  };
}

function serviceOf(box: Box, machine: Machine, name: string): Service | undefined {
  const unit = name.includes('.') ? name : `${name}.service`;
  if (unit === 'containerd.service') return containerdService(box, machine);
  return unit === 'kubelet.service' && unitFiles(box.files).length > 0 ? kubeletService(box, machine) : undefined;
}

const UNITS: readonly (readonly [number, string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
];

/** `27min ago`, `4s ago`, `2h 5min ago`. */
function ago(ms: number): string {
  const parts: string[] = [];
  let left = Math.max(0, ms);
  for (const [size, unit] of UNITS) {
    const count = Math.floor(left / size);
    if (count > 0) parts.push(unit === 'd' ? `${count} day${count === 1 ? '' : 's'}` : `${count}${unit}`);
    left -= count * size;
  }
  return `${parts.length === 0 ? `${Math.floor(left / 1000)}s` : parts.slice(0, 2).join(' ')} ago`;
}

const isActive = ({ active }: Service): boolean => active.startsWith('active');

function statusText(box: Box, machine: Machine, service: Service): string {
  const { kubelet } = machine.state();
  const { unit, about, docs, path, active, enabled, pid, command } = service;
  const own = unit === 'kubelet.service';
  // of what is tried every ten seconds, the last time counts
  const failing = active.startsWith('activating');
  const since = failing ? box.now() - ((box.now() - service.since) % 10_000) : service.since;
  const at = formatDate(since, '%a %Y-%m-%d %H:%M:%S UTC');
  const mark = isActive(service) ? '●' : failing ? '●' : '○';
  const dropIns = own ? unitFiles(box.files).slice(1) : [];
  const lines = [
    `${mark} ${unit} - ${about}`,
    `     Loaded: loaded (${path}; ${enabled ? 'enabled' : 'disabled'}; preset: enabled)`,
  ];
  if (dropIns.length > 0) {
    const names = dropIns.map(({ path: full }) => full.split('/').at(-1));
    const folder = dropIns[0]?.path.replace(/\/[^/]*$/, '') ?? '';
    lines.push(`    Drop-In: ${folder}`, `             └─${names.join(', ')}`);
  }
  lines.push(`     Active: ${active} since ${at}; ${ago(box.now() - since)}`);
  if (!isActive(service) && own && failing) {
    lines.push(
      `    Process: ${pid} ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS (code=${kubelet.code})`,
    );
  }
  lines.push(`       Docs: ${docs}`);
  if (isActive(service)) {
    lines.push(
      `   Main PID: ${pid} (${unit.replace('.service', '')})`,
      '      Tasks: 11 (limit: 4611)',
      '     Memory: 38.2M (peak: 39.0M)',
      '        CPU: 9.374s',
      `     CGroup: /system.slice/${unit}`,
      `             └─${pid} ${command}`,
    );
  } else if (failing) lines.push(`   Main PID: ${pid} (code=${kubelet.code})`, '        CPU: 62ms');
  const journal = own ? journalOf(box, machine).slice(-LINES) : [];
  if (journal.length > 0) lines.push('', ...journal.map((entry) => printed(entry, machine)));
  return `${lines.join('\n')}\n`;
}

const bytes = (text: string): string => Buffer.from(text).toString('latin1');

function act(verb: string, service: Service, context: Context, machine: Machine): number {
  const { io, box } = context;
  const { unit } = service;
  switch (verb) {
    case 'status':
      io.stdout.write(bytes(statusText(box, machine, service)));
      return isActive(service) ? 0 : INACTIVE;
    case 'is-active': {
      const word = isActive(service) ? 'active' : service.active.startsWith('activating') ? 'activating' : 'inactive';
      io.stdout.write(`${word}\n`);
      return word === 'active' ? 0 : INACTIVE;
    }
    case 'is-enabled':
      io.stdout.write(service.enabled ? 'enabled\n' : 'disabled\n');
      return service.enabled ? 0 : 1;
    case 'is-failed':
      io.stdout.write(`${isActive(service) ? 'active' : 'inactive'}\n`);
      return 1;
    case 'stop':
      service.stop();
      return 0;
    case 'start':
      service.start();
      return 0;
    case 'restart':
    case 'reload-or-restart':
    case 'try-restart':
      service.stop();
      service.start();
      return 0;
    case 'enable':
    case 'disable': {
      const on = verb === 'enable';
      const link = `/etc/systemd/system/multi-user.target.wants/${unit}`;
      if (service.enabled !== on) {
        io.stderr.write(
          bytes(on ? `Created symlink ${link} → ${service.path}.\n` : `Removed ${JSON.stringify(link)}.\n`),
        );
      }
      service.enable(on);
      if (context.argv.includes('--now')) (on ? service.start : service.stop)();
      return 0;
    }
    case 'cat': {
      const files = unit === 'kubelet.service' ? unitFiles(box.files) : [containerdUnit(box, service.path)];
      io.stdout.write(files.map(({ path, text }) => `# ${path}\n${text}`).join('\n'));
      return 0;
    }
    case 'show':
      io.stdout.write(
        `Id=${unit}\nActiveState=${isActive(service) ? 'active' : 'inactive'}\nMainPID=${isActive(service) ? service.pid : 0}\nFragmentPath=${service.path}\nUnitFileState=${service.enabled ? 'enabled' : 'disabled'}\n`,
      );
      return 0;
    default:
      io.stderr.write(`Unknown command verb '${verb}'.\n`);
      return 1;
  }
}

function containerdUnit({ files }: Box, path: string): { path: string; text: string } {
  try {
    return { path, text: files.read(path) };
  } catch (error) {
    if (error instanceof FileError) return { path, text: '' };
    throw error;
  }
}

function list(context: Context, machine: Machine): number {
  const services = ['containerd', 'kubelet'].flatMap((name) => serviceOf(context.box, machine, name) ?? []);
  const rows = services.map((service) => {
    const state = isActive(service) ? 'active   running' : 'inactive dead   ';
    return `  ${service.unit.padEnd(18)} loaded ${state} ${service.about}\n`;
  });
  context.io.stdout.write(
    `  UNIT               LOAD   ACTIVE   SUB     DESCRIPTION\n${rows.join('')}\n${rows.length} loaded units listed.\n`,
  );
  return 0;
}

function systemctl(context: Context): number {
  const { io, argv, box } = context;
  const words = argv.slice(1).filter((word) => !word.startsWith('-'));
  const [verb = 'list-units', ...units] = words;
  const { machine } = box;
  if (machine === undefined) {
    io.stderr.write(NOT_BOOTED);
    return 1;
  }
  goOn(box, machine);
  if (verb === 'daemon-reload' || verb === 'daemon-reexec' || verb === 'reset-failed') return 0;
  if (verb === 'list-units' || verb === 'list-unit-files') return list(context, machine);
  if (units.length === 0) {
    io.stderr.write('Too few arguments.\n');
    return 1;
  }
  let code = 0;
  for (const name of units) {
    const service = serviceOf(box, machine, name);
    const unit = name.includes('.') ? name : `${name}.service`;
    if (service !== undefined) code = act(verb, service, context, machine) || code;
    else if (verb === 'status') {
      io.stderr.write(`Unit ${unit} could not be found.\n`);
      code = NO_SUCH;
    } else if (verb === 'is-active') {
      io.stdout.write('inactive\n');
      code = NO_SUCH;
    } else if (verb === 'cat') {
      io.stderr.write(`No files found for ${unit}.\n`);
      code = 1;
    } else {
      const why =
        verb === 'enable' || verb === 'disable' ? `Unit file ${unit} does not exist.` : `Unit ${unit} not found.`;
      io.stderr.write(`Failed to ${verb} ${verb === 'enable' || verb === 'disable' ? 'unit' : unit}: ${why}\n`);
      code = verb === 'enable' || verb === 'disable' ? 1 : NOT_FOUND;
    }
  }
  return code;
}

export const SYSTEMCTL: Readonly<Record<string, Program>> = {
  systemctl: (context) => atOnce(() => systemctl(context)),
};
