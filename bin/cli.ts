/** The command line: one file a command in commands/. */
import { Command } from 'commander';
import { clusterCommand } from './commands/cluster.ts';
import { gradeCommand } from './commands/grade.ts';
import { scenarioCommand } from './commands/scenario.ts';
import { serveCommand } from './commands/serve.ts';
import { EXIT, UserError } from './exit.ts';

const HELP = `
Exit codes:
  0  done
  1  found problems (a scenario that fails its proof, a grade below full points)
  2  could not do it (bad arguments, a file that cannot be read, a port that cannot be had)
`;

export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('drydock')
    .description('A practice trainer for the CKA exam: real shell, real kubectl, simulated cluster.')
    .version('0.1.0')
    .addHelpText('after', HELP)
    .exitOverride()
    .showHelpAfterError();
  for (const command of [serveCommand(), clusterCommand(), scenarioCommand(), gradeCommand()]) {
    program.addCommand(command.exitOverride().showHelpAfterError().addHelpText('after', HELP));
  }
  try {
    await program.parseAsync(argv);
  } catch (error) {
    process.exitCode = report(error);
  }
}

/** Says what went wrong and returns the exit code. */
function report(error: unknown): number {
  if (error instanceof UserError) {
    process.stderr.write(`drydock: ${error.message}\n`);
    return error.exitCode;
  }
  if (error instanceof Error && 'code' in error && String(error.code).startsWith('commander.')) {
    // commander has printed help or what is wrong with the arguments
    const asked = error.code === 'commander.helpDisplayed' || error.code === 'commander.version';
    return asked ? EXIT.done : EXIT.cannot;
  }
  process.stderr.write(`drydock: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return EXIT.cannot;
}
