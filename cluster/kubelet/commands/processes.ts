/** Programs about processes. */
import type { Program, ProcessRow } from '../shell/box.ts';
import { untilTime } from '../shell/coroutine.ts';
import { processRows, signalTo } from '../shell/process-rows.ts';
import { instant, lasting, type Tool } from './tool.ts';
import { userName } from './users.ts';

/** Of a process that is started beside the first; the real number would be anyone's guess. */
const OWN_PID = 37;

/** Those of the container, and the program that asks. */
function rowsOf(tool: Tool): ProcessRow[] {
  const own = { pid: OWN_PID, user: userName(tool.box, tool.box.who.uid), command: tool.context.argv.join(' ') };
  return [...processRows(tool.box), own];
}

const COLUMNS: Readonly<Record<string, (row: ProcessRow) => string>> = {
  pid: ({ pid }) => String(pid),
  ppid: ({ pid }) => (pid === 1 ? '0' : '1'),
  user: ({ user }) => user,
  comm: ({ command }) => command.split(' ')[0]?.split('/').at(-1) ?? '',
  args: ({ command }) => command,
  cmd: ({ command }) => command,
  command: ({ command }) => command,
  time: () => '0:00',
  stat: () => 'S',
  tty: () => '?',
  vsz: () => '4404',
  rss: () => '1024',
};

function ps(tool: Tool): number | void {
  const rows = rowsOf(tool);
  const wanted = tool.values.get('o')?.split(',');
  if (wanted !== undefined) {
    const unknown = wanted.find((name) => !(name.replace(/=.*$/, '') in COLUMNS));
    if (unknown !== undefined) {
      tool.problem(
        tool.gnu
          ? `error: unknown user-defined format specifier "${unknown}"`
          : `bad -o argument '${unknown}', supported arguments: user,group,comm,args,pid,ppid,pgid,tty,vsz,sid,stat,rss`,
      );
      return 1;
    }
    const names = wanted.map((name) => name.replace(/=.*$/, ''));
    const cells = [
      names.map((name) => name.toUpperCase()),
      ...rows.map((row) => names.map((name) => COLUMNS[name]?.(row) ?? '')),
    ];
    const widths = names.map((_name, index) =>
      Math.max(...cells.map((line) => line[index]?.length ?? 0), tool.gnu ? 1 : 5),
    );
    for (const line of cells)
      tool.out(
        `${line.map((cell, index) => (index === line.length - 1 ? cell : cell.padEnd(widths[index] ?? 0))).join(' ')}\n`,
      );
    return;
  }
  if (!tool.gnu) {
    tool.out('PID   USER     TIME  COMMAND\n');
    for (const { pid, user, command } of rows)
      tool.out(`${String(pid).padStart(5)} ${user.padEnd(8)}  0:00 ${command}\n`);
    return;
  }
  const letters = tool.args.join('');
  if (/u/.test(letters) && !letters.includes('-e')) {
    tool.out('USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\n');
    for (const { pid, user, command } of rows)
      tool.out(
        `${user.padEnd(8)} ${String(pid).padStart(7)}  0.0  0.1   4404  1024 ?        Ss   00:00   0:00 ${command}\n`,
      );
  } else if (/f|l/.test(letters)) {
    const long = letters.includes('l');
    tool.out(
      long
        ? 'F S UID          PID    PPID  C PRI  NI ADDR SZ WCHAN  STIME TTY          TIME CMD\n'
        : 'UID          PID    PPID  C STIME TTY          TIME CMD\n',
    );
    for (const { pid, user, command } of rows) {
      const ids = `${user.padEnd(8)} ${String(pid).padStart(7)} ${String(pid === 1 ? 0 : 1).padStart(7)}  0`;
      tool.out(
        long
          ? `4 S ${ids}  80   0 -  1127 -      00:00 ?        00:00:00 ${command}\n`
          : `${ids} 00:00 ?        00:00:00 ${command}\n`,
      );
    }
  } else {
    const all = /a|e|x/.test(letters);
    tool.out('    PID TTY          TIME CMD\n');
    for (const row of all ? rows : rows.slice(-1))
      tool.out(`${String(row.pid).padStart(7)} ?        00:00:00 ${COLUMNS['comm']?.(row)}\n`);
  }
}

const SIGNALS =
  'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH POLL PWR SYS'.split(
    ' ',
  );
/** The name of a signal, or undefined when there is no such one. */
function signalOf(text: string): string | undefined {
  if (/^\d+$/.test(text)) return text === '0' ? '0' : SIGNALS[Number(text) - 1];
  const name = text.toUpperCase().replace(/^SIG/, '');
  return SIGNALS.includes(name) ? name : undefined;
}

function kill(tool: Tool): number | void {
  const words = [...tool.args];
  let signal: string | undefined = 'TERM';
  const first = words[0] ?? '';
  if (first === '-l') {
    tool.out(SIGNALS.map((name, index) => `${String(index + 1).padStart(2)}) ${name}\n`).join(''));
    return;
  }
  if (first === '-s') {
    signal = signalOf(words[1] ?? '');
    words.splice(0, 2);
  } else if (/^-./.test(first)) {
    signal = signalOf(first.slice(1));
    words.shift();
  }
  if (signal === undefined) {
    tool.problem(tool.gnu ? `${first.slice(1)}: invalid signal specification` : `bad signal name '${first.slice(1)}'`);
    return 1;
  }
  if (words.length === 0) {
    tool.problem(tool.gnu ? 'not enough arguments' : 'you need to specify whom to kill', tool.gnu ? 1 : 2);
    return;
  }
  for (const word of words) {
    if (!/^-?\d+$/.test(word))
      tool.problem(tool.gnu ? `failed to parse argument: '${word}'` : `invalid number '${word}'`);
    else if (
      signal === '0'
        ? !processRows(tool.box).some((row) => row.pid === Number(word))
        : !signalTo(tool.box, Number(word), signal)
    )
      tool.problem(tool.gnu ? `(${word}) - No such process` : `can't kill pid ${word}: No such process`);
  }
}

/** `-9`, `-KILL`, `-s KILL` among the words, or TERM. */
function asked(tool: Tool): string {
  const word = tool.args.find((one, index) => /^-(\d+|[A-Z]+)$/.test(one) || tool.args[index - 1] === '-s');
  return signalOf((word ?? 'TERM').replace(/^-/, '')) ?? 'TERM';
}
const nameOf = ({ command }: ProcessRow): string => command.split(' ')[0]?.split('/').at(-1)?.replace(/:$/, '') ?? '';
/** Processes by name, or by the whole command line with -f. */
function found(tool: Tool): readonly ProcessRow[] {
  const [wanted = ''] = tool.operands.filter((word) => !/^\d+$/.test(word));
  return processRows(tool.box).filter((row) =>
    tool.has('f')
      ? row.command.includes(wanted)
      : tool.has('x')
        ? nameOf(row) === wanted
        : nameOf(row).includes(wanted),
  );
}

function killall(tool: Tool): number | void {
  const signal = asked(tool);
  for (const name of tool.operands.filter((word) => !/^\d+$/.test(word))) {
    const rows = processRows(tool.box).filter((row) => nameOf(row) === name);
    if (rows.length === 0) tool.problem(tool.gnu ? `${name}: no process found` : `${name}: no process killed`);
    for (const { pid } of rows) signalTo(tool.box, pid, signal);
  }
}

function topText(tool: Tool): string {
  const rows = rowsOf(tool);
  return `Mem: 2502632K used, 1523400K free, 4096K shrd, 0K buff, 1318120K cached\nCPU:   0% usr   0% sys   0% nic 100% idle   0% io   0% irq   0% sirq\nLoad average: 0.08 0.05 0.01 1/120 8\n  PID  PPID USER     STAT   VSZ %VSZ CPU %CPU COMMAND\n${rows
    .map(
      ({ pid, user, command }) =>
        `${String(pid).padStart(5)} ${String(pid === 1 ? 0 : 1).padStart(5)} ${user.padEnd(8)} S     4404   0%   0   0% ${command}\n`,
    )
    .join('')}`;
}

const runs = lasting(function* runs(tool) {
  return yield* tool.context.call(tool.args.filter((word, index) => index > 0 || !word.startsWith('-')));
});

export const PROCESSES: Readonly<Record<string, Program>> = {
  ps: instant(ps, 'o'),
  pgrep: instant((tool) => {
    const rows = found(tool);
    for (const row of rows) tool.out(tool.has('l', 'a') ? `${row.pid} ${row.command}\n` : `${row.pid}\n`);
    return rows.length === 0 ? 1 : 0;
  }),
  pkill: instant((tool) => {
    const rows = found(tool);
    const signal = asked(tool);
    for (const { pid } of rows) signalTo(tool.box, pid, signal);
    return rows.length === 0 ? 1 : 0;
  }, 's'),
  pidof: instant((tool) => {
    const rows = processRows(tool.box).filter((row) => nameOf(row) === tool.operands[0]);
    if (rows.length > 0) tool.out(`${rows.map((row) => row.pid).join(' ')}\n`);
    return rows.length === 0 ? 1 : 0;
  }),
  pstree: instant((tool) => tool.out(`${processRows(tool.box).map(nameOf).join('---')}\n`)),
  kill: instant(kill),
  killall: instant(killall, 's'),
  nohup: runs,
  setsid: runs,
  nice: lasting(function* nice(tool) {
    const words = tool.args[0] === '-n' ? tool.args.slice(2) : tool.args;
    if (words.length === 0) tool.out('0\n');
    else return yield* tool.context.call(words);
  }),
  top: lasting(function* top(tool) {
    const times = Number(tool.values.get('n') ?? Infinity);
    const pause = Number(tool.values.get('d') ?? 5) * 1000;
    for (let time = 0; time < times; time++) {
      if (time > 0) yield* untilTime(() => tool.box.now(), tool.box.now() + pause);
      const clear = tool.context.io.stdout.isTerminal && !tool.has('b') ? '\x1b[H\x1b[J' : '';
      tool.out(clear + topText(tool));
      if (tool.context.io.stdin.isTerminal && tool.context.io.stdin.take().includes('q')) return 0;
      if (tool.context.pending('INT') !== undefined) return 130;
    }
    return 0;
  }, 'nd'),
};
