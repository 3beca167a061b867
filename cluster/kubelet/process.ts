/** What a container's command does: runs on, ends after a while, or can't be started. */
import type { Container } from '../api/types.ts';
import type { Image } from './images.ts';
import { readScript, type FileChange, type ScriptWorld } from './shell-script.ts';

export type Outcome =
  | {
      kind: 'runs';
      /** Ends by itself after so many milliseconds; Infinity: never. */
      ms: number;
      exitCode: number;
      /** `OOMKilled` and the like; otherwise Completed or Error, by the exit code. */
      reason?: string;
      /** A signal to stop ends it; a bare shell or sleep as first process of a container takes no notice. */
      stopsOnSignal: boolean;
      files: FileChange[];
      /** What it prints, as far as that is known. */
      output: string;
      listens: readonly number[];
      /** Look again: it waits for something outside. */
      waits: boolean;
    }
  | { kind: 'unstartable'; message: string };

/** Programs of every small Linux: those that end at once, and those that don't. */
const BRIEF = new Set(
  'true echo date env printenv ls cat pwd id hostname uname whoami mkdir rmdir cp mv ln chmod chown sed grep awk head sort uniq wc tee printf sync tar gzip base64 md5sum sha256sum find which df du free ps mount umount touch rm expr seq dd stat basename dirname tr cut xargs nslookup ping wget test [ kill set export cd trap ulimit umask read wait shift local return unset alias source . : clear stty'.split(
    ' ',
  ),
);
const LASTING = new Set([
  'top',
  'yes',
  'watch',
  'tail',
  'vi',
  'less',
  'crond',
  'httpd',
  'sh',
  'ash',
  'bash',
  'nc',
  'telnetd',
  'syslogd',
  'sleep',
  'false',
  'usleep',
  'timeout',
]);
const SHELLS = new Set(['sh', 'ash', 'bash', 'dash']);

const bare = (program: string): string => program.slice(program.lastIndexOf('/') + 1);

export function argvOf(container: Container, image: Image): string[] {
  const command = container.command ?? [];
  const args = container.args ?? [];
  if (command.length > 0) return [...command, ...args];
  return [...image.entrypoint, ...(args.length > 0 ? args : image.cmd)];
}

interface Brief {
  ms: number;
  exitCode: number;
}

/** One program called from a script or as the container's own. undefined: there is no such program. */
function call(argv: readonly string[], image: Image, world: ScriptWorld): Brief | undefined {
  const [program = '', ...args] = argv;
  const name = bare(program);
  if (image.programs.includes(program) || image.programs.includes(name)) {
    if (name === 'docker-entrypoint.sh' || name === 'entrypoint.sh') return call(args, image, world);
    // an interpreter without a script and without input has nothing to do
    const idle = ['python', 'python3', 'node', 'perl', 'bash'].includes(name) && args.length === 0;
    const brief = idle || /^(--?v(ersion)?|-V|--help)$/.test(args[0] ?? '') || ENDING.has(name) || args[0] === '-c';
    if (SHELLS.has(name)) return callShell(args, world);
    return { ms: brief ? 0 : Infinity, exitCode: 0 };
  }
  if (SHELLS.has(name)) return callShell(args, world);
  if (name === 'sleep') return sleep(args);
  if (name === 'usleep') return { ms: Number(args[0] ?? 0) / 1000, exitCode: 0 };
  if (name === 'false') return { ms: 0, exitCode: 1 };
  if (name === 'timeout') return { ms: Number(args[0] ?? 0) * 1000, exitCode: 143 };
  if (name === 'tail' && !args.some((argument) => /^-\w*[fF]/.test(argument))) return { ms: 0, exitCode: 0 };
  if (BRIEF.has(name)) return { ms: 0, exitCode: 0 };
  return LASTING.has(name) ? { ms: Infinity, exitCode: 0 } : undefined;
}
/** Programs of images that do one thing and end. */
const ENDING = new Set([
  'curl',
  'kubectl',
  'psql',
  'mysql',
  'mysqladmin',
  'redis-cli',
  'pg_isready',
  'mongosh',
  'hello',
  'pip',
  'npm',
  'go',
  'php',
]);

function callShell(args: readonly string[], world: ScriptWorld): Brief {
  const script = scriptOf(args);
  if (script === undefined) return { ms: 0, exitCode: 0 };
  const { ms, exitCode } = readScript(script, world);
  return { ms, exitCode };
}
const scriptOf = (args: readonly string[]): string | undefined => {
  const flag = args.findIndex((argument) => /^-\w*c$/.test(argument));
  return flag === -1 ? undefined : args[flag + 1];
};

const UNITS: Record<string, number> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };
function sleep(args: readonly string[]): Brief {
  let seconds = 0;
  for (const argument of args) {
    const match = /^(\d*\.?\d+)([smhd]?)$/.exec(argument);
    if (argument === 'infinity' || argument === 'inf') return { ms: Infinity, exitCode: 0 };
    if (match === null) return { ms: 0, exitCode: 1 };
    seconds += Number(match[1]) * (UNITS[match[2] ?? ''] ?? 1);
  }
  return { ms: args.length === 0 ? 0 : seconds * 1000, exitCode: args.length === 0 ? 1 : 0 };
}

const START =
  'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: ';

export function predict(container: Container, image: Image, resolves: (host: string) => boolean): Outcome {
  const argv = argvOf(container, image);
  const [program = '', ...args] = argv;
  const writable = (path: string) => isWritable(container, path);
  const world: ScriptWorld = { resolves, writable, run: (inner) => call(inner, image, world) };
  const runs = (brief: Brief, rest: Partial<Outcome & { kind: 'runs' }> = {}): Outcome => ({
    kind: 'runs',
    ...brief,
    stopsOnSignal: image.programs.some((one) => argv.some((word) => bare(word) === bare(one))),
    files: [],
    output: '',
    listens: brief.ms === Infinity ? image.listens : [],
    waits: false,
    ...rest,
  });
  if (argv.length === 0) {
    return { kind: 'unstartable', message: 'failed to generate container spec: no command specified' };
  }
  if (/\/dev\/zero/.test(argv.join(' ')) && bare(program) === 'tail' && container.resources?.limits?.['memory']) {
    return runs({ ms: 0, exitCode: 137 }, { reason: 'OOMKilled' });
  }
  const script = SHELLS.has(bare(program)) ? scriptOf(args) : undefined;
  if (script !== undefined) {
    const { ms, exitCode, ...rest } = readScript(substitute(script, container), world);
    return runs({ ms, exitCode }, rest);
  }
  // a shell that has a terminal or an open input waits for it
  if (SHELLS.has(bare(program)) && (container.stdin === true || container.tty === true)) {
    return runs({ ms: Infinity, exitCode: 0 });
  }
  const outcome = call(
    argv.map((word) => substitute(word, container)),
    image,
    world,
  );
  if (outcome !== undefined) return runs(outcome);
  const why = program.includes('/')
    ? `stat ${program}: no such file or directory`
    : 'executable file not found in $PATH';
  return { kind: 'unstartable', message: `${START}"${program}": ${why}: unknown` };
}

/** With a read-only root only volumes take files. */
function isWritable({ securityContext, volumeMounts }: Container, path: string): boolean {
  if (securityContext?.readOnlyRootFilesystem !== true || path.startsWith('/dev/')) return true;
  return (volumeMounts ?? []).some((mount) => mount.readOnly !== true && `${path}/`.startsWith(`${mount.mountPath}/`));
}

/** `$(NAME)` of variables with a plain value. */
function substitute(text: string, container: Container): string {
  return text.replace(/\$\(([A-Za-z_]\w*)\)/g, (all, name: string) => {
    return container.env?.find((variable) => variable.name === name)?.value ?? all;
  });
}
