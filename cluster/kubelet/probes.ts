/** Probes of running containers: what they find, when they run, and what follows. */
import type { Container } from '../api/types.ts';
import type { FileChange } from './shell-script.ts';
import type { ProbeMemory } from './work.ts';
import { readScript } from './shell-script.ts';

export type Probe = NonNullable<Container['readinessProbe']>;

/** What a probe meets at a moment of the container's life. */
export interface Target {
  podIP: string;
  container: Container;
  listens: readonly number[];
  files: readonly FileChange[];
  /** Programs the image has. */
  hasProgram(name: string): boolean;
  /** Unknown applications are taken to answer on every path; plain web servers know the pages they ship. */
  servesOnlyPages: boolean;
  /** Anything may be configured to listen anywhere: settings are mounted into it. */
  configured: boolean;
}

export type Finding = { passes: true } | { passes: false; message: string; errored?: boolean };
const PASSES: Finding = { passes: true };

/** `atMs`: milliseconds after the container's start. */
export function find(probe: Probe, target: Target, atMs: number): Finding {
  if (probe.httpGet) return http(probe.httpGet, target);
  if (probe.tcpSocket) return tcp(probe.tcpSocket, target);
  if (probe.exec) return exec(probe.exec.command ?? [], target, atMs);
  if (probe.grpc) return refused(`timeout: failed to connect service "${target.podIP}:${probe.grpc.port}" within 1s`);
  return PASSES;
}

const refused = (message: string): Finding => ({ passes: false, message });

function portNumber(port: number | string, container: Container): number | undefined {
  if (typeof port === 'number') return port;
  return container.ports?.find((one) => one.name === port)?.containerPort;
}

function open(port: number | string, host: string | undefined, target: Target): { at: string; ok: boolean } | Finding {
  const number = portNumber(port, target.container);
  if (number === undefined) {
    return { passes: false, errored: true, message: `strconv.Atoi: parsing ${JSON.stringify(port)}: invalid syntax` };
  }
  return { at: `${host || target.podIP}:${number}`, ok: target.configured || target.listens.includes(number) };
}

function http({ host, path = '', port, scheme = 'HTTP' }: NonNullable<Probe['httpGet']>, target: Target): Finding {
  const opened = open(port, host, target);
  if ('passes' in opened) return opened;
  const url = `${scheme.toLowerCase()}://${opened.at}${path.startsWith('/') ? path : `/${path}`}`;
  if (!opened.ok) return refused(`Get "${url}": dial tcp ${opened.at}: connect: connection refused`);
  const known = !target.servesOnlyPages || target.configured || ['', '/', '/index.html', '/50x.html'].includes(path);
  return known ? PASSES : refused('HTTP probe failed with statuscode: 404');
}

function tcp({ host, port }: NonNullable<Probe['tcpSocket']>, target: Target): Finding {
  const opened = open(port, host, target);
  if ('passes' in opened) return opened;
  return opened.ok ? PASSES : refused(`dial tcp ${opened.at}: connect: connection refused`);
}

const NOT_FOUND =
  'rpc error: code = Unknown desc = failed to exec in container: failed to start exec "%ID%": OCI runtime exec failed: exec failed: unable to start container process: exec: ';

function exec(command: readonly string[], target: Target, atMs: number): Finding {
  const [program = '', ...args] = command;
  const name = program.slice(program.lastIndexOf('/') + 1);
  const there = (path: string) =>
    target.files.findLast((file) => file.path === path && file.atMs <= atMs)?.exists ??
    (path.startsWith('/etc/') || target.configured);
  const paths = args.filter((argument) => argument.startsWith('/'));
  if (!target.hasProgram(name) && !target.hasProgram(program)) {
    const message = `${NOT_FOUND}"${program}": executable file not found in $PATH: unknown`;
    return { passes: false, errored: true, message };
  }
  if (name === 'cat' || name === 'ls' || name === 'stat') {
    const absent = paths.find((path) => !there(path));
    if (absent === undefined) return PASSES;
    const what = name === 'cat' ? "can't open" : '';
    return refused(
      name === 'cat'
        ? `cat: ${what} '${absent}': No such file or directory`
        : `${name}: ${absent}: No such file or directory`,
    );
  }
  if (name === 'test' || name === '[') return paths.every(there) ? PASSES : refused('');
  if (name === 'false') return refused('');
  if (name === 'sh' || name === 'bash' || name === 'ash') {
    const script = args[args.findIndex((argument) => /^-\w*c$/.test(argument)) + 1] ?? '';
    const run = readScript(script, {
      resolves: () => true,
      run: ([inner = '', ...rest]) => {
        const found = exec([inner, ...rest], target, atMs);
        return { ms: 0, exitCode: found.passes ? 0 : 1 };
      },
    });
    const files = script.match(/\/[\w./-]+/g) ?? [];
    const tests = /^\s*(\[|test )/.test(script);
    if (tests) return files.every(there) ? PASSES : refused('');
    return run.exitCode === 0 ? PASSES : refused('');
  }
  return PASSES;
}

const seconds = (value: number | undefined, otherwise: number) => (value ?? otherwise) * 1000;

export interface ProbeState {
  /** Undefined: not enough runs yet to tell. */
  passing: boolean | undefined;
  /** What the latest run found wrong. */
  problem?: Finding & { passes: false };
  /** Milliseconds after the start of the latest run; undefined before the first. */
  lastRun: number | undefined;
  /** ... and of the next. */
  nextRun: number;
}

interface ExecProbe {
  memory: Map<string, ProbeMemory>;
  key: string;
  /** Milliseconds since the container's start. */
  elapsed: number;
  /** Delays the first run. */
  from: number;
  run(): { code: number; output: string; ms: number } | { refused: string };
}

/** How a probe that runs a command stands; runs it when its time has come. */
export function execState(probe: Probe, { memory, key, elapsed, from, run }: ExecProbe): ProbeState {
  const period = Math.max(seconds(probe.periodSeconds, 10), 1000);
  const first = from + seconds(probe.initialDelaySeconds, 0);
  if (elapsed < first) return { passing: undefined, lastRun: undefined, nextRun: first };
  const due = Math.floor((elapsed - first) / period) + 1;
  let known = memory.get(key);
  if (known === undefined || known.run < due) {
    const ran = run();
    const limit = seconds(probe.timeoutSeconds, 1);
    const timedOut = 'ms' in ran && ran.ms >= limit;
    const passes = !('refused' in ran) && ran.code === 0 && !timedOut;
    const message =
      'refused' in ran
        ? `rpc error: code = Unknown desc = ${ran.refused}`
        : timedOut
          ? `command timed out: ${JSON.stringify((probe.exec?.command ?? []).join(' '))} timed out after ${limit / 1000}s`
          : ran.output;
    const same = known?.passes === passes ? known.same + 1 : 1;
    known = { run: due, passes, same, message, errored: 'refused' in ran };
    memory.set(key, known);
  }
  const needed = known.passes ? (probe.successThreshold ?? 1) : (probe.failureThreshold ?? 3);
  return {
    passing: known.same >= needed ? known.passes : undefined,
    ...(known.passes ? {} : { problem: { passes: false, message: known.message, errored: known.errored } }),
    lastRun: first + (due - 1) * period,
    nextRun: first + due * period,
  };
}

/** How a probe stands `elapsed` milliseconds after the start of what it looks at; `from` delays its first run. */
export function stateOf(probe: Probe, target: Target, elapsed: number, from = 0): ProbeState {
  const period = Math.max(seconds(probe.periodSeconds, 10), 1000);
  const first = from + seconds(probe.initialDelaySeconds, 0);
  if (elapsed < first) return { passing: undefined, lastRun: undefined, nextRun: first };
  const runs = Math.floor((elapsed - first) / period) + 1;
  const at = (run: number) => first + (run - 1) * period;
  const latest = find(probe, target, at(runs));
  const needed = latest.passes ? (probe.successThreshold ?? 1) : (probe.failureThreshold ?? 3);
  let same = 0;
  for (let run = runs; run > 0 && same < needed; run--) {
    if (find(probe, target, at(run)).passes !== latest.passes) break;
    same++;
  }
  return {
    passing: same >= needed ? latest.passes : undefined,
    ...(latest.passes ? {} : { problem: latest }),
    lastRun: at(runs),
    nextRun: at(runs + 1),
  };
}
