/** Conditions, loops, cases and groups. */
import type { CommandNode, StatementNode } from 'just-bash';
import { evaluate } from './arithmetic.ts';
import { condition } from './condition.ts';
import type { Io, Run, Wait } from './coroutine.ts';
import { tend } from './jobs.ts';
import { Leave } from './leave.ts';
import { matches } from './pattern.ts';
import type { Shell } from './shell.ts';

export function* compound(
  shell: Shell,
  command: Exclude<CommandNode, { type: 'SimpleCommand' | 'FunctionDef' }>,
  io: Io,
): Run {
  const body = (statements: readonly StatementNode[]) => shell.statements(statements, io);
  switch (command.type) {
    case 'If':
      for (const clause of command.clauses) {
        if (yield* shell.condition(clause.condition, io)) {
          shell.status = 0;
          return yield* body(clause.body);
        }
      }
      shell.status = 0;
      return command.elseBody === null ? 0 : yield* body(command.elseBody);
    case 'While':
    case 'Until': {
      let code = 0;
      while ((yield* shell.condition(command.condition, io)) === (command.type === 'While')) {
        shell.status = 0;
        if ((yield* round(shell, command.body, io)) === 'stop') {
          code = shell.status;
          break;
        }
        code = shell.status;
      }
      shell.status = code;
      return code;
    }
    case 'For': {
      const words = command.words === null ? shell.positional : yield* shell.expansion.many(command.words);
      shell.status = 0;
      for (const word of words) {
        shell.set(command.variable, word);
        if ((yield* round(shell, command.body, io)) === 'stop') break;
      }
      return shell.status;
    }
    case 'CStyleFor':
      if (command.init) evaluate(command.init, shell);
      shell.status = 0;
      while (command.condition === null || evaluate(command.condition, shell) !== 0) {
        if ((yield* round(shell, command.body, io)) === 'stop') break;
        if (command.update) evaluate(command.update, shell);
      }
      return shell.status;
    case 'Case': {
      const word = yield* shell.expansion.one(command.word);
      for (const item of command.items) {
        for (const pattern of item.patterns) {
          if (matches(yield* shell.expansion.pieces(pattern), word)) return yield* body(item.body);
        }
      }
      return 0;
    }
    case 'Subshell':
      return yield* tend(shell, shell.inside(command.body, io));
    case 'Group':
      return yield* body(command.body);
    case 'ArithmeticCommand':
      return evaluate(command.expression, shell) === 0 ? 1 : 0;
    case 'ConditionalCommand':
      if (shell.kind === 'dash') {
        shell.complain('[[: not found', io.stderr);
        return 127;
      }
      return (yield* condition(command.expression, shell)) ? 0 : 1;
  }
}

function* round(shell: Shell, statements: readonly StatementNode[], io: Io): Generator<Wait, 'go on' | 'stop', void> {
  // an empty round still lets others have their turn
  yield* shell.turn();
  shell.loops++;
  try {
    yield* shell.statements(statements, io);
  } catch (leave) {
    if (!(leave instanceof Leave) || (leave.kind !== 'break' && leave.kind !== 'continue')) throw leave;
    if (--leave.count > 0) throw leave;
    return leave.kind === 'break' ? 'stop' : 'go on';
  } finally {
    shell.loops--;
  }
  return 'go on';
}
