/** What the benchmarks of workspaces share: real machines in a folder of their own, and a terminal to type at. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { pino } from 'pino';
import { ClusterHost } from '#cluster/serve/host.ts';
import { loadScenarios } from '#grader/index.ts';
import { LiveSessions } from '../server/live/sessions.ts';
import type { LiveWorkspace } from '../server/ports.ts';
import { createWorkspaces, type Workspace } from '../workspace/index.ts';

const root = join(import.meta.dirname, '..');
export const tools = join(root, '.cache/tools');
export const openssh = join(root, '.cache/openssh');

/** Sessions as the server has them, over real clusters and sandboxes. */
export async function openBench() {
  const dataDir = mkdtempSync(join(tmpdir(), 'drydock-bench-'));
  const [scenario] = loadScenarios([{ path: join(root, 'scenarios'), origin: 'shipped' }]).scenarios;
  if (scenario === undefined) throw new Error('no scenario to open');
  const clusters = await ClusterHost.start({ workers: 1 });
  const workspaces = await createWorkspaces({ toolsDir: tools, opensshDir: openssh, dataDir, log: () => undefined });
  const live = new LiveSessions({ clusters, workspaces, dataDir, now: Date.now, log: pino({ level: 'silent' }) });
  let made = 0;
  return {
    dataDir,
    live,
    plan: () => ({ id: `bench${(made += 1)}`, scenario, seed: made }),
    async close() {
      await live.closeAll();
      await workspaces.close();
      await clusters.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A page on a session's terminal, that acknowledges at once. */
export function page(machine: LiveWorkspace, terminal = '1') {
  let seen = '';
  let bytes = 0;
  let check: (() => void) | undefined;
  const holder: { ack?: (bytes: number) => void } = {};
  // Only the machines above come here.
  const attachment = (machine as Workspace).attach(
    {
      snapshot: ({ data }) => {
        seen += data;
        check?.();
      },
      output: (chunk) => {
        bytes += chunk.length;
        holder.ack?.(chunk.length);
        seen = (seen + Buffer.from(chunk).toString('latin1')).slice(-4096);
        check?.();
      },
      lead: () => undefined,
      exit: () => undefined,
      closed: () => undefined,
    },
    { cols: 120, rows: 30 },
    { terminal },
  );
  holder.ack = (count) => attachment.ack(count);
  return {
    type: (text: string) => attachment.write(Buffer.from(text)),
    /** What was shown by now is waited for no more. */
    forget() {
      seen = '';
    },
    get bytes() {
      return bytes;
    },
    /** Resolves when the text has been shown after the last call. */
    until: (text: string): Promise<void> =>
      new Promise((resolve) => {
        check = () => {
          const plain = stripVTControlCharacters(seen);
          const at = plain.indexOf(text);
          if (at < 0) return;
          seen = plain.slice(at + text.length);
          check = undefined;
          resolve();
        };
        check();
      }),
  };
}

export const PROMPT = '$ ';
