import path from 'node:path';
import type { Logger } from 'pino';
import { createWorkspaces } from '#workspace/index.ts';
import { AppError } from '../errors.ts';
import type { Workspaces } from '../ports.ts';

/** Where the set-up puts kubectl and helm. */
const TOOLS = path.join(import.meta.dirname, '../../.cache/tools');
/** And the SSH server of exam hosts. */
const OPENSSH = path.join(import.meta.dirname, '../../.cache/openssh');

/**
 * The machines of learners. Where no sandbox can be built the pages still come up, and say why no terminal opens:
 * whoever has to mend it reads it there as well as in the log.
 */
export async function openWorkspaces({ dataDir, log }: { dataDir: string; log: Logger }): Promise<Workspaces> {
  try {
    return await createWorkspaces({
      toolsDir: TOOLS,
      opensshDir: OPENSSH,
      dataDir,
      log: (message) => log.info(message),
    });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    log.error({ err: error }, 'no terminals: the sandbox cannot be built here');
    return {
      open: () => Promise.reject(new AppError('no-sandbox', { detail })),
      close: () => Promise.resolve(),
    };
  }
}
