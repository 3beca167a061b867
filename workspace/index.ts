/** A candidate's machine: a sandbox with a shell, and nothing of ours inside. */
export { createWorkspaces, type OpenOptions, type Workspaces, type WorkspacesOptions } from './workspaces.ts';
export type {
  ClusterAccess,
  Driver,
  HostOptions,
  Machine,
  MachineOptions,
  RemoteHostOptions,
  ScriptProcess,
  ShellProcess,
} from './driver.ts';
export { SandboxUnavailableError } from './sandbox/host.ts';
export {
  TooManyTerminalsError,
  type AttachOptions,
  type RunOptions,
  type RunResult,
  type Workspace,
} from './workspace.ts';
export { TooManyScreensError } from './terminal/terminal.ts';
export type { Attachment, Screenshot, TerminalExit, TerminalSink, Watching } from './terminal/terminal.ts';
export type { TerminalSize } from './terminal/twin.ts';
