/** What the sandbox tests share: one set of workspaces in a folder of their own, and a terminal that can be read and waited on. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import {
  createWorkspaces,
  type AttachOptions,
  type Attachment,
  type OpenOptions,
  type TerminalExit,
  type Workspace,
} from './index.ts';
import type { Tier } from './sandbox/arguments.ts';

export const TOOLS = resolve('.cache/tools');
export const OPENSSH = resolve('.cache/openssh');

type Straight = Extract<OpenOptions, { kubeconfig: string }>;

export async function testMachines(tier?: Tier) {
  const dataDir = mkdtempSync(join(tmpdir(), 'drydock-workspace-'));
  const log: string[] = [];
  const workspaces = await createWorkspaces({
    toolsDir: TOOLS,
    opensshDir: OPENSSH,
    dataDir,
    log: (line) => log.push(line),
    ...(tier && { tiers: [tier] }),
  });
  let serial = 0;
  return {
    dataDir,
    log,
    workspaces,
    open(options: Partial<Straight> = {}): Promise<Workspace> {
      serial += 1;
      const id = options.id ?? `t${serial}`;
      const home = join(dataDir, 'homes', id);
      return workspaces.open({ id, home, kubeconfig: 'kind: Config\n', connect: () => new PassThrough(), ...options });
    },
    async close() {
      await workspaces.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The prompt, colours aside. */
export const PROMPT = 'candidate@base:~$ ';

/** Milliseconds to wait for text: far more than needed, so that only a text that never comes fails. */
const PATIENCE_MS = 15_000;

const plain = (text: string): string => stripVTControlCharacters(text);

export interface Watched {
  attachment: Attachment;
  type(text: string): void;
  /** Resolves with all seen so far, without colours, when it holds the text after the last one waited for. */
  until(text: string): Promise<string>;
  readonly snapshots: string[];
  readonly leads: { cols: number; rows: number; leading: boolean }[];
  exited: Promise<TerminalExit>;
  readonly closed: boolean;
}

export function watch(workspace: Workspace, size = { cols: 80, rows: 24 }, options: AttachOptions = {}): Watched {
  let seen = '';
  let from = 0;
  let closed = false;
  let check: () => void = () => undefined;
  let exit: (exit: TerminalExit) => void = () => undefined;
  const exited = new Promise<TerminalExit>((resolve) => {
    exit = resolve;
  });
  const decoder = new TextDecoder();
  const snapshots: string[] = [];
  const leads: Watched['leads'] = [];
  const add = (text: string): void => {
    seen += text;
    check();
  };
  // Output may come while attaching, before there is an attachment to acknowledge with.
  const holder: { attachment?: Attachment } = {};
  const attachment = workspace.attach(
    {
      snapshot({ data }) {
        snapshots.push(plain(data));
        add(data);
      },
      output(chunk) {
        holder.attachment?.ack(chunk.length);
        add(decoder.decode(chunk, { stream: true }));
      },
      lead: (state) => leads.push(state),
      exit,
      closed() {
        closed = true;
      },
    },
    size,
    options,
  );
  holder.attachment = attachment;
  return {
    attachment,
    type: (text) => attachment.write(Buffer.from(text)),
    until: (text) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(() => {
          reject(
            new Error(
              `no ${JSON.stringify(text)} in ${PATIENCE_MS} ms, only ${JSON.stringify(plain(seen).slice(from))}`,
            ),
          );
        }, PATIENCE_MS);
        check = () => {
          const all = plain(seen);
          const at = all.indexOf(text, from);
          if (at < 0) return;
          from = at + text.length;
          check = () => undefined;
          clearTimeout(late);
          resolve(all);
        };
        check();
      }),
    snapshots,
    leads,
    exited,
    get closed() {
      return closed;
    },
  };
}
