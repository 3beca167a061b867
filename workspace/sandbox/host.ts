import { execFileSync } from 'node:child_process';
import { accessSync, constants, lstatSync, readlinkSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { PROGRAMS, ROOT_NAMES, type HostLayout, type Tier } from './arguments.ts';
import { NO_ENVIRONMENT } from './processes.ts';
import { seccompArchitecture } from './seccomp.ts';

/** No sandbox can be built on this host, and so no shell is opened. `message` says why and what to do. */
export class SandboxUnavailableError extends Error {
  override name = 'SandboxUnavailableError';
}

const SEARCH_PATH = ['/usr/bin', '/usr/sbin', '/bin', '/sbin', '/usr/local/bin'];

function find(program: string): string | undefined {
  return SEARCH_PATH.map((folder) => join(folder, program)).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** What can be said of the host without trying: programs, architecture, the shape of /. Throws SandboxUnavailableError. */
export function readHost(): Omit<HostLayout, 'tier'> {
  if (process.platform !== 'linux') {
    throw new SandboxUnavailableError(
      `Shells run in a Linux sandbox (bubblewrap), and this host is ${process.platform}. Run Drydock in a Linux machine or virtual machine.`,
    );
  }
  if (seccompArchitecture(process.arch) === undefined) {
    throw new SandboxUnavailableError(`Shells run on amd64 and arm64, and this host is ${process.arch}.`);
  }
  const found = new Map(PROGRAMS.map((program) => [program, find(program)]));
  const missing = PROGRAMS.filter((program) => found.get(program) === undefined);
  if (missing.length > 0) {
    throw new SandboxUnavailableError(
      `A shell needs ${missing.join(', ')}, not found in ${SEARCH_PATH.join(', ')}. Install with: apt-get install bubblewrap util-linux mount bash`,
    );
  }
  const help = execFileSync(found.get('bwrap') ?? 'bwrap', ['--help'], { encoding: 'utf8', env: NO_ENVIRONMENT });
  return {
    rootLinks: new Map(
      ROOT_NAMES.flatMap((name) => {
        const stat = lstatSync(`/${name}`, { throwIfNoEntry: false });
        if (stat === undefined) return [];
        return [[name, stat.isSymbolicLink() ? readlinkSync(`/${name}`) : undefined]] as const;
      }),
    ),
    countsByNamespace: kernelAtLeast(5, 14),
    bwrapOptions: new Set(help.match(/--[a-z][a-z-]*/g) ?? []),
    programs: Object.fromEntries(
      PROGRAMS.map((program) => [program, found.get(program) ?? program]),
    ) as HostLayout['programs'],
  };
}

function kernelAtLeast(major: number, minor: number): boolean {
  const [, haveMajor = 0, haveMinor = 0] = (/^(\d+)\.(\d+)/.exec(release()) ?? []).map(Number);
  return haveMajor > major || (haveMajor === major && haveMinor >= minor);
}

/** The tiers to try on this host, best first. */
export const tiersToTry = (isRoot: boolean): readonly Tier[] => (isRoot ? ['own-uid', 'own-uid-plain'] : ['same-uid']);

/** The sentence for a host on which every tier failed. */
export function unavailable(
  failures: readonly { tier: Tier; why: string }[],
  isRoot: boolean,
): SandboxUnavailableError {
  const cure = isRoot
    ? 'In a container, start it with the right to make namespaces (docker run --cap-add SYS_ADMIN --security-opt seccomp=unconfined --security-opt apparmor=unconfined).'
    : 'Let ordinary users make namespaces (sysctl -w kernel.unprivileged_userns_clone=1 on Debian, kernel.apparmor_restrict_unprivileged_userns=0 on Ubuntu 24.04), or run Drydock as root.';
  const tried = failures.map(({ tier, why }) => `${tier}: ${why}`).join('; ');
  return new SandboxUnavailableError(`No sandbox for shells can be built here (${tried}). ${cure}`);
}
