/** Programs about time, users, processes and the machine; and the shells. */
import { FileError, normalisePath } from '../files/file-view.ts';
import type { Context, Program } from '../shell/box.ts';
import { readAll, untilTime, type Run } from '../shell/coroutine.ts';
import { BadNumber, test } from '../shell/condition.ts';
import { interactiveShell } from '../shell/interactive.ts';
import { DEFAULT_PATH, findProgram, Shell, type ShellOptions } from '../shell/shell.ts';
import { instant, lasting, type Tool } from './tool.ts';
import { groupName, userName } from './users.ts';

const UNITS: Record<string, number> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };
/** Milliseconds; undefined: no duration. */
export function duration(text: string): number | undefined {
  if (/^inf(inity)?$/.test(text)) return Infinity;
  const match = /^(\d*\.?\d+)([smhd]?)$/.exec(text);
  return match === null ? undefined : Number(match[1]) * (UNITS[match[2] ?? ''] ?? 1) * 1000;
}

const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
const MONTHS = 'January February March April May June July August September October November December'.split(' ');
export function formatDate(ms: number, format: string): string {
  const date = new Date(ms);
  const two = (value: number) => String(value).padStart(2, '0');
  const [day = '', month = ''] = [DAYS[date.getUTCDay()], MONTHS[date.getUTCMonth()]];
  const parts: Record<string, () => string> = {
    Y: () => String(date.getUTCFullYear()),
    y: () => two(date.getUTCFullYear() % 100),
    m: () => two(date.getUTCMonth() + 1),
    d: () => two(date.getUTCDate()),
    e: () => String(date.getUTCDate()).padStart(2),
    H: () => two(date.getUTCHours()),
    I: () => two(date.getUTCHours() % 12 || 12),
    M: () => two(date.getUTCMinutes()),
    S: () => two(date.getUTCSeconds()),
    N: () => `${String(date.getUTCMilliseconds()).padStart(3, '0')}000000`,
    s: () => String(Math.floor(ms / 1000)),
    Z: () => 'UTC',
    z: () => '+0000',
    p: () => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
    a: () => day.slice(0, 3),
    A: () => day,
    b: () => month.slice(0, 3),
    h: () => month.slice(0, 3),
    B: () => month,
    j: () => String(Math.floor((ms - Date.UTC(date.getUTCFullYear(), 0)) / 86_400_000) + 1).padStart(3, '0'),
    u: () => String(date.getUTCDay() || 7),
    n: () => '\n',
    t: () => '\t',
    '%': () => '%',
  };
  const expanded = format
    .replace(/%F/g, '%Y-%m-%d')
    .replace(/%T/g, '%H:%M:%S')
    .replace(/%R/g, '%H:%M')
    .replace(/%D/g, '%m/%d/%y')
    .replace(/%c/g, '%a %b %e %H:%M:%S %Y');
  return expanded.replace(/%(-?)(.)/g, (all, bare: string, letter: string) => {
    const text = parts[letter]?.() ?? all;
    return bare === '' ? text : text.replace(/^0+(?=\d)/, '');
  });
}

function date(tool: Tool): void {
  const format = tool.operands.find((word) => word.startsWith('+'));
  const given = tool.values.get('d') ?? tool.values.get('date');
  const at =
    given === undefined
      ? tool.box.now()
      : /^@\d+$/.test(given)
        ? Number(given.slice(1)) * 1000
        : Date.parse(given.includes('T') || given.includes('Z') ? given : `${given}Z`);
  if (Number.isNaN(at)) {
    tool.problem(`invalid date '${given}'`);
    return;
  }
  if (tool.has('I', 'iso-8601')) tool.out(`${formatDate(at, '%Y-%m-%d')}\n`);
  else if (tool.has('R')) tool.out(`${formatDate(at, '%a, %d %b %Y %H:%M:%S +0000')}\n`);
  else tool.out(`${formatDate(at, format === undefined ? '%a %b %e %H:%M:%S UTC %Y' : format.slice(1))}\n`);
}

function id(tool: Tool): void {
  const { who } = tool.box;
  const named = (number: number, name: string) => (name === String(number) ? name : `${number}(${name})`);
  const groups = [...new Set([...(who.groups.length === 0 ? [who.gid] : who.groups)])];
  if (tool.has('u')) tool.out(`${tool.has('n') ? userName(tool.box, who.uid) : who.uid}\n`);
  else if (tool.has('g')) tool.out(`${tool.has('n') ? groupName(tool.box, who.gid) : who.gid}\n`);
  else if (tool.has('G')) tool.out(`${groups.join(' ')}\n`);
  else {
    const list = groups.map((group) => named(group, groupName(tool.box, group))).join(',');
    tool.out(
      `uid=${named(who.uid, userName(tool.box, who.uid))} gid=${named(who.gid, groupName(tool.box, who.gid))}${list === '' ? '' : ` groups=${list}`}\n`,
    );
  }
}

function ps(tool: Tool): void {
  const rows = tool.box.processes();
  if (tool.gnu && tool.args.some((word) => /a|e/.test(word))) {
    const full = tool.args.some((word) => word.includes('f') || word.includes('u'));
    tool.out(full ? 'UID          PID    PPID  C STIME TTY          TIME CMD\n' : '    PID TTY          TIME CMD\n');
    for (const { pid, user, command } of rows) {
      tool.out(
        full
          ? `${user.padEnd(8)} ${String(pid).padStart(7)}       0  0 00:00 ?        00:00:00 ${command}\n`
          : `${String(pid).padStart(7)} ?        00:00:00 ${command.split(' ')[0]}\n`,
      );
    }
    return;
  }
  tool.out('PID   USER     TIME  COMMAND\n');
  for (const { pid, user, command } of rows)
    tool.out(`${String(pid).padStart(5)} ${user.padEnd(8)}  0:00 ${command}\n`);
}

function* envProgram(context: Context): Run {
  const env = new Map(context.env);
  let at = 1;
  for (; at < context.argv.length; at++) {
    const word = context.argv[at] ?? '';
    const equals = word.indexOf('=');
    if (word === '-i' || word === '-') env.clear();
    else if (word === '-u') env.delete(context.argv[++at] ?? '');
    else if (equals > 0) env.set(word.slice(0, equals), word.slice(equals + 1));
    else break;
  }
  if (at < context.argv.length) return yield* context.call(context.argv.slice(at), { env });
  for (const [name, value] of env) context.io.stdout.write(`${name}=${value}\n`);
  return 0;
}

const SIGNALS: Record<string, string> = { '1': 'HUP', '2': 'INT', '3': 'QUIT', '9': 'KILL', '15': 'TERM' };
function kill(tool: Tool): void {
  if (tool.args[0] === '-l') {
    tool.out(`${Object.values(SIGNALS).join(' ')}\n`);
    return;
  }
  let signal = 'TERM';
  for (const [index, word] of tool.args.entries()) {
    if (word === '-s') signal = tool.args[index + 1] ?? 'TERM';
    else if (word.startsWith('-')) signal = SIGNALS[word.slice(1)] ?? word.slice(1).replace(/^SIG/, '');
    else if (tool.args[index - 1] !== '-s' && !tool.box.kill(Number(word), signal.replace(/^SIG/, ''))) {
      tool.problem(tool.gnu ? `(${word}) - No such process` : `can't kill pid ${word}: No such process`);
    }
  }
}
function killall(tool: Tool): void {
  const names = tool.operands.filter((word) => !/^\d+$/.test(word));
  for (const name of names) {
    const rows = tool.box.processes().filter((row) => row.command.split(' ')[0]?.split('/').at(-1) === name);
    if (rows.length === 0) tool.problem(`${name}: no process killed`);
    const signal = tool.args.find((word) => /^-(9|KILL|SIGKILL)$/.test(word)) === undefined ? 'TERM' : 'KILL';
    for (const { pid } of rows) tool.box.kill(pid, signal);
  }
}

export const shellProgram = (kind: ShellOptions['kind']): Program =>
  function* shell(context): Run {
    const [called = 'sh', ...words] = context.argv;
    const name = called.replace(/^-/, '').split('/').at(-1) ?? 'sh';
    const options = new Set<string>();
    let script: string | undefined;
    let interactive = false;
    let at = 0;
    for (; at < words.length; at++) {
      const word = words[at] ?? '';
      if (word === '--') {
        at++;
        break;
      }
      if (/^--\w/.test(word)) continue;
      if (!/^[-+][a-zA-Z]+$/.test(word)) break;
      if (word.includes('o')) {
        const long = words[++at] ?? '';
        options.add({ errexit: 'e', nounset: 'u', xtrace: 'x' }[long] ?? long);
        if (!/[ceux]/.test(word)) continue;
      }
      for (const letter of word.slice(1)) if ('eux'.includes(letter)) options.add(letter);
      if (word.includes('i')) interactive = true;
      if (word.includes('c')) {
        script = words[++at] ?? '';
        at++;
        break;
      }
    }
    const make = (rest: Partial<ShellOptions>): Shell => {
      const made = new Shell({ context, name, kind, ...rest });
      for (const option of options) made.options.add(option);
      return made;
    };
    if (script !== undefined)
      return yield* make({ name: words[at] ?? name, positional: words.slice(at + 1) }).script(script);
    const file = words[at];
    if (file !== undefined) {
      try {
        const text = context.box.files.read(normalisePath(file, context.cwd));
        return yield* make({ name: file, positional: words.slice(at + 1), fromFile: true }).script(text);
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        const said =
          kind === 'bash'
            ? `${file}: ${error.message}`
            : kind === 'dash'
              ? `0: cannot open ${file}: No such file`
              : `can't open '${file}': ${error.message}`;
        context.io.stderr.write(`${name}: ${said}\n`);
        return kind === 'bash' ? 127 : 2;
      }
    }
    if (interactive || context.io.stdin.isTerminal) return yield* interactiveShell(make({ interactive: true }));
    return yield* make({}).script(yield* readAll(context.io.stdin));
  };

const testProgram: Program = instant((tool) => {
  const bracket = tool.name === '[';
  const { files } = tool.box;
  try {
    const words = bracket ? tool.args.slice(0, -1) : tool.args;
    return test(words, { files, cwd: tool.context.cwd, get: (name) => tool.context.env.get(name) }) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof BadNumber)) throw error;
    tool.problem(`bad number '${error.message}'`, 2);
    return 2;
  }
});

export const SYSTEM_COMMANDS: Readonly<Record<string, Program>> = {
  test: testProgram,
  '[': testProgram,
  true: instant(() => 0),
  false: instant(() => 1),
  sleep: lasting(function* sleep(tool) {
    let ms = 0;
    if (tool.args.length === 0) {
      tool.problem(tool.gnu ? 'missing operand' : 'missing operand');
      return 1;
    }
    for (const word of tool.args) {
      const part = duration(word);
      if (part === undefined) {
        tool.problem(tool.gnu ? `invalid time interval '${word}'` : `invalid number '${word}'`);
        return 1;
      }
      ms += part;
    }
    yield* untilTime(() => tool.box.now(), tool.box.now() + ms);
    return 0;
  }),
  usleep: lasting(function* usleep(tool) {
    yield* untilTime(() => tool.box.now(), tool.box.now() + Number(tool.args[0] ?? 0) / 1000);
  }),
  timeout: lasting(function* timeout(tool) {
    const words = tool.args.filter(
      (word, index) => !/^-[ks]$/.test(word) && !/^-[ks]$/.test(tool.args[index - 1] ?? '') && !word.startsWith('--'),
    );
    const [limit = '0', ...argv] = words;
    const end = tool.box.now() + (duration(limit) ?? 0);
    const run = tool.context.call(argv);
    for (;;) {
      const step = run.next();
      if (step.done) return step.value;
      if (tool.box.now() >= end) {
        run.return(0);
        return tool.gnu ? 124 : 143;
      }
      yield {
        ...step.value,
        ...(step.value.until === undefined && step.value.event === undefined
          ? {}
          : { until: Math.min(step.value.until ?? Infinity, end) }),
      };
    }
  }),
  watch: lasting(function* watch(tool) {
    const words = tool.args.filter((word, index) => !/^-[nd]$/.test(word) && tool.args[index - 1] !== '-n');
    for (;;) {
      yield* tool.context.call(['sh', '-c', words.join(' ')]);
      yield* untilTime(() => tool.box.now(), tool.box.now() + 2000);
    }
  }),
  date: instant(date, 'd', ['date']),
  id: instant(id),
  whoami: instant((tool) => {
    const name = userName(tool.box, tool.box.who.uid);
    if (/^\d+$/.test(name)) tool.problem(tool.gnu ? `cannot find name for user ID ${name}` : `unknown uid ${name}`);
    else tool.out(`${name}\n`);
  }),
  groups: instant((tool) => tool.out(`${groupName(tool.box, tool.box.who.gid)}\n`)),
  hostname: instant((tool) =>
    tool.out(
      tool.has('i', 'I') ? `${tool.box.network.address}${tool.has('I') ? ' ' : ''}\n` : `${tool.box.hostname}\n`,
    ),
  ),
  uname: instant((tool) => {
    const all = [
      ['s', 'Linux'],
      ['n', tool.box.hostname],
      ['r', '6.8.0-51-generic'],
      ['v', '#52-Ubuntu SMP PREEMPT_DYNAMIC'],
      ['m', 'x86_64'],
      ['o', tool.gnu ? 'GNU/Linux' : 'Linux'],
    ] as const;
    const shown = tool.has('a')
      ? all
      : all.filter(([letter]) => (tool.flags.size === 0 ? letter === 's' : tool.has(letter)));
    tool.out(`${shown.map(([, text]) => text).join(' ')}\n`);
  }),
  arch: instant((tool) => tool.out('x86_64\n')),
  nproc: instant((tool) => tool.out('2\n')),
  uptime: instant((tool) =>
    tool.out(` ${formatDate(tool.box.now(), '%T')} up 1 day,  2:03,  0 users,  load average: 0.08, 0.05, 0.01\n`),
  ),
  tty: instant((tool) => {
    tool.out(tool.context.io.stdin.isTerminal ? '/dev/pts/0\n' : 'not a tty\n');
    return tool.context.io.stdin.isTerminal ? 0 : 1;
  }),
  stty: instant((tool) => {
    if (!tool.context.io.stdin.isTerminal) {
      tool.problem('standard input: Inappropriate ioctl for device');
      return;
    }
    const { rows, columns } = tool.box.terminal;
    if (tool.args[0] === 'size') tool.out(`${rows} ${columns}\n`);
    else if (tool.args.length === 0 || tool.args[0] === '-a')
      tool.out(`speed 38400 baud; rows ${rows}; columns ${columns};\n`);
  }),
  env: envProgram,
  printenv: instant((tool) => {
    if (tool.operands.length === 0) for (const [name, value] of tool.context.env) tool.out(`${name}=${value}\n`);
    for (const name of tool.operands) {
      const value = tool.context.env.get(name);
      if (value === undefined) tool.code = 1;
      else tool.out(`${value}\n`);
    }
  }),
  ps: instant(ps),
  pgrep: instant((tool) => {
    const rows = tool.box.processes().filter((row) => row.command.includes(tool.operands[0] ?? ''));
    for (const { pid } of rows) tool.out(`${pid}\n`);
    return rows.length === 0 ? 1 : 0;
  }),
  pidof: instant((tool) => {
    const rows = tool.box
      .processes()
      .filter((row) => row.command.split(' ')[0]?.split('/').at(-1) === tool.operands[0]);
    if (rows.length > 0) tool.out(`${rows.map((row) => row.pid).join(' ')}\n`);
    return rows.length === 0 ? 1 : 0;
  }),
  kill: instant(kill),
  killall: instant(killall),
  pkill: instant(killall),
  which: instant((tool) => {
    for (const name of tool.operands) {
      const found = findProgram(tool.box, name, tool.context.env.get('PATH') ?? DEFAULT_PATH, tool.context.cwd);
      if (typeof found === 'string') tool.code = 1;
      else tool.out(`${found.path}\n`);
    }
  }),
  df: instant((tool) => {
    tool.out(
      tool.has('h')
        ? 'Filesystem                Size      Used Available Use% Mounted on\n'
        : 'Filesystem           1K-blocks      Used Available Use% Mounted on\n',
    );
    for (const { path, type } of tool.box.files.mounts.toReversed()) {
      const source = path === '' ? 'overlay' : type === 'tmpfs' ? 'tmpfs' : '/dev/sda1';
      tool.out(
        tool.has('h')
          ? `${source.padEnd(24)}     19.2G      5.1G     13.1G  28% ${path || '/'}\n`
          : `${source.padEnd(20)}  20134592   5347924  13738260  28% ${path || '/'}\n`,
      );
    }
  }),
  mount: instant((tool) => {
    if (tool.operands.length > 0) {
      tool.problem(
        tool.gnu
          ? `${tool.operands[1] ?? ''}: permission denied.`
          : `mounting ${tool.operands[0]} on ${tool.operands[1]} failed: Permission denied`,
        tool.gnu ? 32 : 1,
      );
      return;
    }
    for (const { path, type, readOnly } of tool.box.files.mounts.toReversed()) {
      tool.out(
        `${path === '' ? 'overlay' : type === 'tmpfs' ? 'tmpfs' : '/dev/sda1'} on ${path || '/'} type ${type} (${readOnly ? 'ro' : 'rw'},relatime)\n`,
      );
    }
  }),
  umount: instant((tool) => tool.problem(`can't unmount ${tool.operands[0]}: Operation not permitted`)),
  free: instant((tool) => {
    const scale = tool.has('m') ? 1024 : 1;
    const row = (...values: number[]) => values.map((value) => String(Math.round(value / scale)).padStart(12)).join('');
    tool.out(
      `              total        used        free      shared  buff/cache   available\nMem:   ${row(4026032, 1184512, 1523400, 4096, 1318120, 2560000)}\nSwap:  ${row(0, 0, 0)}\n`,
    );
  }),
  getent: instant((tool) => {
    const [database, key = ''] = tool.operands;
    if (database === 'hosts' || database === 'ahosts') {
      const found = tool.box.network.lookUp(key);
      if (found === undefined) return 2;
      for (const address of found.addresses) tool.out(`${address.padEnd(15)} ${found.fullName}\n`);
      return 0;
    }
    const node = tool.box.files.find(`/etc/${database}`);
    const lines =
      node?.kind === 'file'
        ? node.data.split('\n').filter((line) => line !== '' && (key === '' || line.split(':')[0] === key))
        : [];
    for (const line of lines) tool.out(`${line}\n`);
    return lines.length === 0 ? 2 : 0;
  }),
  clear: instant((tool) => tool.out('\x1b[H\x1b[J')),
  reset: instant(() => 0),
  expr: instant((tool) => {
    const [left = '', operator, right = ''] = tool.args;
    if (operator === undefined) {
      tool.out(`${left}\n`);
      return left === '' || left === '0' ? 1 : 0;
    }
    const [a, b] = [Number(left), Number(right)];
    const both = !Number.isNaN(a) && !Number.isNaN(b);
    const results: Record<string, () => string | number> = {
      '+': () => a + b,
      '-': () => a - b,
      '*': () => a * b,
      '/': () => Math.trunc(a / b),
      '%': () => a % b,
      '=': () => Number(left === right),
      '!=': () => Number(left !== right),
      '<': () => Number(both ? a < b : left < right),
      '>': () => Number(both ? a > b : left > right),
      '<=': () => Number(both ? a <= b : left <= right),
      '>=': () => Number(both ? a >= b : left >= right),
    };
    const result = results[operator]?.();
    if (result === undefined || ('+-*/%'.includes(operator) && !both)) {
      tool.problem(tool.gnu ? 'non-integer argument' : 'invalid number', 2);
      return 2;
    }
    tool.out(`${result}\n`);
    return result === 0 || result === '' ? 1 : 0;
  }),
  nohup: lasting(function* nohup(tool) {
    return yield* tool.context.call(tool.args);
  }),
  setsid: lasting(function* setsid(tool) {
    return yield* tool.context.call(tool.args);
  }),
  time: lasting(function* time(tool) {
    const from = tool.box.now();
    const code = yield* tool.context.call(tool.args);
    tool.context.io.stderr.write(
      `real\t0m ${((tool.box.now() - from) / 1000).toFixed(2)}s\nuser\t0m 0.00s\nsys\t0m 0.00s\n`,
    );
    return code;
  }),
  top: lasting(function* top(tool) {
    tool.out(
      'Mem: 2502632K used, 1523400K free, 4096K shrd, 0K buff, 1318120K cached\nCPU:   0% usr   0% sys   0% nic 100% idle   0% io   0% irq   0% sirq\nLoad average: 0.08 0.05 0.01 1/120 8\n  PID  PPID USER     STAT   VSZ %VSZ CPU %CPU COMMAND\n',
    );
    for (const { pid, user, command } of tool.box.processes())
      tool.out(`${String(pid).padStart(5)}     0 ${user.padEnd(8)} S     4404   0%   0   0% ${command}\n`);
    if (tool.has('b') && tool.values.get('n') === '1') return 0;
    for (;;) yield { until: Infinity, event: true };
  }, 'n'),
};
