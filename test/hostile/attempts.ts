/** What the hostile tests share: many attempts in one script, each with its own outcome. */
import type { Workspace } from '#workspace/index.ts';

/** An attempt to get out or to do damage, as bash; and how it must end. */
export interface Attempt {
  name: string;
  /** bash; what it prints and its exit code are compared. */
  script: string;
  /** Output (stdout and stderr together), trimmed. */
  says?: string | RegExp;
  /** Exit code; left out, any. */
  exits?: number;
  /** What held it: a name for people who read the list. */
  heldBy: string;
}

export interface Outcome {
  exits: number;
  says: string;
}

const FIELD = '\u001e';
const RECORD = '\u001d';

/** Runs all attempts one after the other in one sandbox, each in a shell of its own that may take five seconds. */
export async function attempt(workspace: Workspace, attempts: readonly Attempt[]): Promise<Map<string, Outcome>> {
  const script = attempts
    .map(({ name, script }) => {
      const quoted = `'${script.replaceAll("'", `'\\''`)}'`;
      return `out=$(timeout -k 1 5 bash -c ${quoted} 2>&1 | tr -d '\\0' | head -c 4000; exit "\${PIPESTATUS[0]}"); printf '%s${FIELD}%s${FIELD}%s${RECORD}' '${name}' "$?" "$out"`;
    })
    .join('\n');
  const { stdout } = await workspace.run(script, { timeoutMs: 60_000 });
  return new Map(
    stdout
      .split(RECORD)
      .filter((record) => record.includes(FIELD))
      .map((record) => {
        const [name = '', exits, says = ''] = record.split(FIELD);
        return [name, { exits: Number(exits), says: says.trim() }];
      }),
  );
}

/**
 * perl for a system call: prints `allowed` or the name of the error. perl is on every Debian and Ubuntu, and needs no compiler.
 * @param numbers the call's number on amd64 and arm64
 */
export function systemCall(numbers: readonly [number, number], ...args: string[]): string {
  const number = process.arch === 'arm64' ? numbers[1] : numbers[0];
  return `perl -e '$! = 0; my @given = (${[number, ...args].join(', ')}); my $got = syscall(shift(@given), @given); if ($got >= 0) { print "allowed" } else { for (sort keys %!) { print if $!{$_} } }'`;
}
