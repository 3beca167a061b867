/** How a command came out, as clients read it from the error channel. */
import type { Ending } from './remote-command.ts';

const wire = (status: object): string => JSON.stringify({ metadata: {}, ...status });
export const SUCCESS = wire({ status: 'Success' });

const internal = (message: string): string =>
  wire({
    status: 'Failure',
    message: `Internal error occurred: ${message}`,
    reason: 'InternalError',
    details: { causes: [{ message }] },
    code: 500,
  });
const exitCode = (message: string, code: number): string =>
  wire({
    status: 'Failure',
    message: `command terminated with non-zero exit code: ${message}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  });

/** Version 5, which the API server speaks itself. */
export function statusFive(ending: Ending): string {
  if (ending.kind === 'failed') return internal(`Internal error occurred: ${ending.message}`);
  return ending.code === 0 ? SUCCESS : exitCode(`command terminated with exit code ${ending.code}`, ending.code);
}
/** Version 4, which comes from the kubelet. */
export function statusFour(ending: Ending, command: readonly string[]): string {
  if (ending.kind === 'failed') return internal(ending.message);
  return ending.code === 0
    ? SUCCESS
    : exitCode(`error executing command [${command.join(' ')}], exit code ${ending.code}`, ending.code);
}
/** Before version 4: only what went wrong, as text. */
export function textOf(ending: Ending, command: readonly string[]): string {
  if (ending.kind === 'failed') return `Internal error occurred: ${ending.message}`;
  return ending.code === 0
    ? ''
    : `command terminated with non-zero exit code: error executing command [${command.join(' ')}], exit code ${ending.code}`;
}
/** The kubelet could not be asked, or would not; for version 5. */
export const notUpgraded = (text: string): string => internal(`unable to upgrade connection: ${text}`);
export const notSent = (url: string, why: string): string =>
  internal(`error sending request: Post ${JSON.stringify(url)}: ${why}`);
