/** `kill`, `trap` and `wait`: signals, and what runs in the background. */
import type { BuiltinCall } from './builtins.ts';
import { atOnce, type Run } from './coroutine.ts';
import { pump } from './jobs.ts';
import { Leave } from './leave.ts';
import { signalTo } from './process-rows.ts';

/** By number, from 1. */
const SIGNALS =
  'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH POLL PWR SYS'.split(
    ' ',
  );
const numberOf = (name: string): number => SIGNALS.indexOf(name) + 1;
/** EXIT for 0; undefined: there is none of that name. */
function signalName(word: string): string | undefined {
  if (/^\d+$/.test(word)) return word === '0' ? 'EXIT' : SIGNALS[Number(word) - 1];
  const name = word.replace(/^SIG/i, '').toUpperCase();
  return name === 'EXIT' || SIGNALS.includes(name) ? name : undefined;
}
/** What a shell says of a process that a signal has ended. */
const ENDED: Readonly<Record<string, string>> = {
  TERM: 'Terminated',
  KILL: 'Killed',
  HUP: 'Hangup',
  QUIT: 'Quit',
  ABRT: 'Aborted',
  SEGV: 'Segmentation fault',
  USR1: 'User defined signal 1',
  USR2: 'User defined signal 2',
  ALRM: 'Alarm clock',
};

export function* kill({ shell, argv, io }: BuiltinCall): Run {
  const words = argv.slice(1);
  const say = (text: string): void => {
    if (shell.kind === 'ash') io.stderr.write(`${shell.name}: ${text}\n`);
    else io.stderr.write(`${shell.name}: ${shell.place()}kill: ${text}\n`);
  };
  if (words[0] === '-l' || words[0] === '-L') return list({ shell, argv: words, io });
  let signal: string | undefined = 'TERM';
  const [first = ''] = words;
  if (/^-[sn]$/.test(first)) {
    signal = words[1] === '0' ? 'EXIT' : signalName(words[1] ?? '');
    words.splice(0, 2);
  } else if (/^-\w/.test(first)) {
    signal = signalName(first.slice(1));
    words.shift();
    if (signal === undefined) {
      say(
        {
          ash: `bad signal name '${first.slice(1)}'`,
          dash: `invalid signal number or name: ${first.slice(1)}`,
          bash: `${first.slice(1)}: invalid signal specification`,
        }[shell.kind],
      );
      return shell.kind === 'dash' ? 2 : 1;
    }
  } else if (first === '--') words.shift();
  if (words.length === 0) {
    if (shell.kind === 'ash') say('you need to specify whom to kill');
    else if (shell.kind === 'dash')
      say('Usage: kill [-s sigspec | -signum | -sigspec] [pid | job]... or\nkill -l [exitstatus]');
    else
      io.stderr.write('kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]\n');
    return shell.kind === 'ash' ? 1 : 2;
  }
  let code = 0;
  for (const word of words) {
    const job = shell.jobs.find(({ id, pid }) => word === `%${id}` || word === String(pid));
    if (word.startsWith('%') && job === undefined) {
      say(shell.kind === 'bash' ? `${word}: no such job` : `No such job: ${word}`);
      code = shell.kind === 'dash' ? 2 : 1;
    } else if (job !== undefined && job.code === undefined) {
      if (signal === undefined || signal === 'EXIT') continue;
      job.code = 128 + numberOf(signal);
      job.signal = signal;
      job.run.return(job.code);
    } else if (!/^-?\d+$/.test(word)) {
      say(
        {
          ash: `invalid number '${word}'`,
          dash: `Illegal number: ${word}`,
          bash: `${word}: arguments must be process or job IDs`,
        }[shell.kind],
      );
      code = shell.kind === 'dash' ? 2 : 1;
      if (shell.kind !== 'bash') return code;
    } else if (Number(word) === shell.pid && shell.context.isFirst !== true) {
      if (signal === undefined || signal === 'EXIT') continue;
      const trap = signal === 'KILL' ? undefined : shell.traps.get(signal);
      if (trap === undefined && !['CHLD', 'CONT', 'WINCH', 'URG'].includes(signal))
        throw new Leave('exit', 128 + numberOf(signal));
      if (trap) yield* shell.lines(trap);
    } else if (
      signal === 'EXIT' ? !isThere(shell, Number(word)) : !signalTo(shell.box, Number(word), signal ?? 'TERM')
    ) {
      say(
        {
          ash: `can't kill pid ${word}: No such process`,
          dash: 'No such process\n',
          bash: `(${word}) - No such process`,
        }[shell.kind],
      );
      code = 1;
    }
  }
  return code;
}
const isThere = (shell: BuiltinCall['shell'], pid: number): boolean =>
  pid === shell.pid || shell.box.processes().some((row) => row.pid === pid);

function list({ shell, argv, io }: BuiltinCall): number {
  const wanted = argv.slice(1);
  if (wanted.length > 0) {
    for (const word of wanted) {
      const number = Number(word) > 128 ? Number(word) - 128 : Number(word);
      io.stdout.write(`${/^\d+$/.test(word) ? (SIGNALS[number - 1] ?? word) : numberOf(signalName(word) ?? '')}\n`);
    }
  } else if (shell.kind === 'dash') io.stdout.write(`0\n${SIGNALS.map((name) => `${name}\n`).join('')}`);
  else if (shell.kind === 'ash')
    io.stdout.write(SIGNALS.map((name, index) => `${String(index + 1).padStart(2)}) ${name}\n`).join(''));
  else
    io.stdout.write(
      `${SIGNALS.map((name, index) => `${String(index + 1).padStart(2)}) SIG${name}${index % 5 === 4 ? '\n' : '\t'}`).join('')}\n`,
    );
  return 0;
}

const quoted = (text: string): string => `'${text.replace(/'/g, `'"'"'`)}'`;

export function trap({ shell, argv, io }: BuiltinCall): Run {
  return atOnce(() => {
    const words = argv[1] === '--' ? argv.slice(2) : argv.slice(1);
    if (words.length === 0) {
      for (const [signal, text] of shell.traps)
        io.stdout.write(
          `trap -- ${quoted(text)} ${shell.kind === 'bash' && signal !== 'EXIT' ? 'SIG' : ''}${signal}\n`,
        );
      return 0;
    }
    if (words[0] === '-l') return list({ shell, argv: ['-l'], io });
    // a number as the first word: all are signals to forget
    const reset = words.length === 1 || /^\d+$/.test(words[0] ?? '');
    const action = reset ? '-' : (words[0] ?? '');
    let code = 0;
    for (const word of reset ? words : words.slice(1)) {
      const name = signalName(word);
      if (name === undefined) {
        if (shell.kind === 'dash') io.stderr.write(`trap: ${word}: bad trap\n`);
        else shell.complain(`trap: ${shell.kind === 'ash' ? 'line 0: ' : ''}${word}: invalid signal specification`);
        code = 1;
      } else if (action === '-') shell.traps.delete(name);
      else shell.traps.set(name, action);
    }
    return code;
  });
}

export function* wait({ shell, argv, io }: BuiltinCall): Run {
  const wanted = argv.slice(1);
  const isMeant = (job: (typeof shell.jobs)[number]) =>
    wanted.length === 0 || wanted.includes(String(job.pid)) || wanted.includes(`%${job.id}`);
  const unknown = wanted.find((word) => !shell.jobs.some(({ id, pid }) => word === String(pid) || word === `%${id}`));
  if (unknown !== undefined) {
    if (shell.kind === 'bash') shell.complain(`wait: pid ${unknown} is not a child of this shell`);
    return 127;
  }
  const open = () => shell.jobs.filter((job) => job.code === undefined && isMeant(job));
  for (;;) {
    if (open().length === 0) break;
    const waiting = pump(shell);
    if (open().length === 0) break;
    const signal = shell.context.pending();
    if (signal !== undefined) {
      const text = shell.traps.get(signal);
      if (text === undefined && shell.context.isFirst === true) continue;
      if (text === undefined) throw new Leave('exit', 128 + (signal === 'INT' ? 2 : 15));
      yield* shell.lines(text);
      return 128 + (signal === 'INT' ? 2 : 15);
    }
    yield waiting ?? { event: true };
  }
  for (const job of shell.jobs) {
    if (!isMeant(job) || job.signal === undefined || shell.kind === 'bash') continue;
    io.stderr.write(`${ENDED[job.signal] ?? job.signal}\n`);
    delete job.signal;
  }
  return shell.jobs.findLast((job) => wanted.length > 0 && isMeant(job))?.code ?? 0;
}
