import type { Duplex } from 'node:stream';
import type { ClusterAccess, Driver, Machine, RemoteHostOptions } from './driver.ts';
import { createSandboxDriver, type SandboxDriver, type SandboxDriverOptions } from './sandbox/driver.ts';
import { createWorkspace, type Workspace, type WorkspaceParts } from './workspace.ts';

export type WorkspacesOptions = SandboxDriverOptions;

/** A machine of its own, straight on the host where kubectl is; or the exam's `base`, from which ssh leads to the hosts. */
export type OpenOptions = {
  /** 1-64 letters, digits, `-` or `_`; one workspace of an id at a time. */
  id: string;
  /** The learner's home on the host, kept. Made when missing; must be of this workspace alone. */
  home: string;
  /** What the prompt shows. */
  hostname?: string;
  /** What lies in the home from its first day, by path in it. */
  files?: Readonly<Record<string, string>>;
  /** Called before the machine is made again after a sleep. */
  beforeWake?: () => Promise<void>;
} & Pick<WorkspaceParts, 'onTerminal' | 'screens'> &
  (
    | {
        /** Text of ~/.kube/config, with the server at https://127.0.0.1:6443. A learner's changed one is kept until this text changes. */
        kubeconfig: string;
        /** The workspace's API server, reached once for each connection to 127.0.0.1:6443 inside. */
        connect: () => Duplex;
        hosts?: undefined;
      }
    | { hosts: readonly RemoteHostOptions[]; kubeconfig?: undefined; connect?: undefined }
  );

export interface Workspaces {
  /** What keeps learners apart here, and which limits are in force. */
  readonly description: string;
  /** Whether workspaces can have `hosts`, and why not otherwise. */
  readonly hosts: Driver['hosts'];
  open(options: OpenOptions): Promise<Workspace>;
  get(id: string): Workspace | undefined;
  /** Closes all workspaces and removes what ran. */
  close(): Promise<void>;
}

/** The name of a machine that was given none: the exam's first host. */
const HOSTNAME = 'base';

/** Workspaces over a driver of one's own. */
function createWorkspacesOver(driver: Driver): Workspaces {
  const open = new Map<string, Workspace | Promise<Workspace>>();
  return {
    description: driver.description,
    hosts: driver.hosts,
    async open(options) {
      const { id, home, hostname = HOSTNAME, files = {} } = options;
      if (!/^[A-Za-z0-9_-]{1,64}$/.test(id)) throw new RangeError(`not an id for a workspace: ${JSON.stringify(id)}`);
      if (open.has(id)) throw new Error(`workspace ${id} is open already`);
      const cluster: ClusterAccess | undefined =
        options.hosts === undefined ? { kubeconfig: options.kubeconfig, connect: options.connect } : undefined;
      const make = (): Promise<Machine> =>
        driver.open({
          id,
          home,
          hostname,
          files,
          ...(cluster && { cluster }),
          ...(options.hosts && { hosts: options.hosts }),
        });
      const opening = make().then((machine) =>
        createWorkspace({
          id,
          machine,
          reopen: async () => {
            await options.beforeWake?.();
            return make();
          },
          onClosed: () => open.delete(id),
          onTerminal: options.onTerminal,
          screens: options.screens,
        }),
      );
      open.set(id, opening);
      try {
        const workspace = await opening;
        open.set(id, workspace);
        return workspace;
      } catch (error) {
        open.delete(id);
        throw error;
      }
    },
    get(id) {
      const workspace = open.get(id);
      return workspace instanceof Promise ? undefined : workspace;
    },
    async close() {
      // Those still opening are waited for; one that fails to open has cleaned up after itself.
      for (const each of await Promise.allSettled([...open.values()].map(async (workspace) => workspace))) {
        if (each.status === 'fulfilled') await each.value.close();
      }
      await driver.close();
    },
  };
}

/** Workspaces in sandboxes on this host. Throws SandboxUnavailableError, with why and what to install, where none can be built. */
export async function createWorkspaces(
  options: WorkspacesOptions,
): Promise<Workspaces & Pick<SandboxDriver, 'tier' | 'cgroups'>> {
  const driver = await createSandboxDriver(options);
  return { ...createWorkspacesOver(driver), tier: driver.tier, cgroups: driver.cgroups };
}
