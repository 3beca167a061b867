/** systemctl, as far as a node's own services go: the kubelet and containerd. Its words are systemd 255's (Ubuntu 24.04). */
import { FileError } from '../files/file-view.ts';
import type { Box, Context, Machine, Program } from '../shell/box.ts';
import { atOnce } from '../shell/coroutine.ts';
import { goOn } from './kubelet-service.ts';
import { unitFiles } from './kubelet-unit.ts';
import { isActive, serviceOf, type Service } from './node-services.ts';
import { statusText } from './service-status.ts';

const NOT_BOOTED =
  "System has not been booted with systemd as init system (PID 1). Can't operate.\nFailed to connect to bus: Host is down\n";
/** What systemctl ends with: a service that does not run, one that there is not, and one that it could not find. */
const INACTIVE = 3;
const NO_SUCH = 4;
const NOT_FOUND = 5;

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
