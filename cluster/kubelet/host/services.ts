/** A node's own services, for a root shell on the node: the kubelet can be stopped, started and looked at. */
import { formatDate } from '../commands/date.ts';
import type { Box, Context, Machine, Program } from '../shell/box.ts';
import { atOnce } from '../shell/coroutine.ts';

const UNIT = 'kubelet.service';
const FILE = '/usr/lib/systemd/system/kubelet.service';
const NOT_BOOTED =
  "System has not been booted with systemd as init system (PID 1). Can't operate.\nFailed to connect to bus: Host is down\n";
/** What `systemctl status` and others answer for a service that does not run. */
const INACTIVE = 3;

const unitOf = (name: string) => (name.includes('.') ? name : `${name}.service`);

function statusText(box: Box, machine: Machine): string {
  const at = formatDate(box.now(), '%a %Y-%m-%d %H:%M:%S UTC');
  const state = machine.kubeletRuns()
    ? `     Active: active (running) since ${at}\n`
    : `     Active: inactive (dead) since ${at}\n`;
  return [
    `${machine.kubeletRuns() ? '●' : '○'} ${UNIT} - kubelet: The Kubernetes Node Agent\n`,
    `     Loaded: loaded (${FILE}; enabled; preset: enabled)\n`,
    '    Drop-In: /usr/lib/systemd/system/kubelet.service.d\n             └─10-kubeadm.conf\n',
    state,
    '       Docs: https://kubernetes.io/docs/\n',
  ].join('');
}

function act(verb: string, { io, box }: Context, machine: Machine): number {
  const runs = machine.kubeletRuns();
  switch (verb) {
    case 'status':
      io.stdout.write(Buffer.from(statusText(box, machine)).toString('latin1'));
      return runs ? 0 : INACTIVE;
    case 'is-active':
      io.stdout.write(runs ? 'active\n' : 'inactive\n');
      return runs ? 0 : INACTIVE;
    case 'is-enabled':
      io.stdout.write('enabled\n');
      return 0;
    case 'stop':
      machine.switchKubelet(false);
      return 0;
    case 'start':
      machine.switchKubelet(true);
      return 0;
    case 'restart':
    case 'reload-or-restart':
      machine.switchKubelet(false);
      machine.switchKubelet(true);
      return 0;
    case 'enable':
    case 'disable':
      return 0;
    default:
      io.stderr.write(`Unknown command verb '${verb}'.\n`);
      return 1;
  }
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
  if (verb === 'daemon-reload') return 0;
  if (verb === 'list-units') {
    io.stdout.write(
      `  UNIT            LOAD   ACTIVE   SUB     DESCRIPTION\n  ${UNIT} loaded ${machine.kubeletRuns() ? 'active   running' : 'inactive dead   '} kubelet: The Kubernetes Node Agent\n`,
    );
    return 0;
  }
  let code = 0;
  for (const unit of units.map(unitOf)) {
    if (unit === UNIT) code = act(verb, context, machine) || code;
    else if (verb === 'status' || verb === 'is-active') {
      if (verb === 'status') io.stderr.write(`Unit ${unit} could not be found.\n`);
      else io.stdout.write('inactive\n');
      code = verb === 'status' ? 4 : INACTIVE;
    } else {
      io.stderr.write(`Failed to ${verb} ${unit}: Unit ${unit} not found.\n`);
      code = 5;
    }
  }
  return code;
}

export const SERVICES: ReadonlyMap<string, Program> = new Map([
  ['systemctl', (context: Context) => atOnce(() => systemctl(context))],
]);
