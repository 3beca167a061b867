/** Programs about processes. */
import type { Program } from '../shell/box.ts';
import { instant, lasting, type Tool } from './tool.ts';

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

export const PROCESSES: Readonly<Record<string, Program>> = {
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
  nohup: lasting(function* nohup(tool) {
    return yield* tool.context.call(tool.args);
  }),
  setsid: lasting(function* setsid(tool) {
    return yield* tool.context.call(tool.args);
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
