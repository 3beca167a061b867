/** What an image is: a file of this folder describes one, and `lookup.ts` finds it by the name that a container gives. */
import type { Node } from '../files/file-tree.ts';
import type { Program } from '../shell/box.ts';
import type { Base, Package } from './bases.ts';

/** Name, user id (the group's as well), home, shell. */
export type Account = readonly [name: string, id: number, home: string, shell: string];

export interface ImageSpec {
  /** Names in registries; `docker.io/` and `docker.io/library/` are left out. More than one: the same image under several names. */
  repositories: readonly string[];
  /** Tags that exist. */
  tags: RegExp;
  /** Megabytes, compressed, as pulled. */
  size: number | ((tag: string) => number);
  /** Whose small programs and files it has. */
  base: Base | ((tag: string) => Base);
  /** Programs it has beside those of its base. */
  packages?: readonly Package[];
  entrypoint?: readonly string[] | ((tag: string) => readonly string[]);
  cmd?: readonly string[] | ((tag: string) => readonly string[]);
  /** Its own programs, by path. */
  programs?: Readonly<Record<string, Program>> | ((tag: string) => Readonly<Record<string, Program>>);
  /** Files of its own, by path. */
  files?: Readonly<Record<string, Node>> | ((tag: string) => Readonly<Record<string, Node>>);
  accounts?: readonly Account[];
  /** Ports that it declares. */
  ports?: readonly number[];
  /** User id it runs as. */
  user?: number;
  /** Variables it sets; PATH only when it is not the usual one. */
  env?: Readonly<Record<string, string>> | ((tag: string) => Readonly<Record<string, string>>);
  workdir?: string;
}

export interface Image {
  /** `docker.io/library/nginx` */
  repository: string;
  /** `docker.io/library/nginx:1.29` */
  reference: string;
  /** '' for one that is asked for by its digest. */
  tag: string;
  /** `sha256:` and 64 hexadecimal digits. */
  digest: string;
  /** Compressed, as pulled. */
  bytes: number;
  entrypoint: readonly string[];
  cmd: readonly string[];
  /** Names of its own programs. */
  programs: readonly string[];
  listens: readonly number[];
  /** User id the image runs as. */
  user: number;
  /** Variables the image sets, beside PATH. */
  env: Readonly<Record<string, string>>;
  /** Where its processes start. */
  workdir: string;
  spec: ImageSpec;
}

/** A part of a description, which may depend on the tag. */
export const of = <T>(part: T | ((tag: string) => T), tag: string): T =>
  typeof part === 'function' ? (part as (tag: string) => T)(tag) : part;

/** Versions, alone or with a variant behind: what most repositories have. */
export const ANY_VERSION = /^(latest|stable|edge|slim|alpine|main|v?\d+(\.\d+){0,3}([.-][a-z0-9][a-z0-9.-]*)?)$/;
/** Tags of a minor version by its newest patch: `version('1.29', {'1.29': 3})` is `1.29.3`. */
export function versionOf(tag: string, newest: Readonly<Record<string, string>>, otherwise: string): string {
  const exact = /\d+\.\d+\.\d+/.exec(tag)?.[0];
  if (exact !== undefined) return exact;
  const minor = /\d+\.\d+/.exec(tag)?.[0];
  if (minor !== undefined) return newest[minor] ?? `${minor}.0`;
  const major = /^v?(\d+)(?![\d.])/.exec(tag)?.[1];
  return (major === undefined ? undefined : newest[major]) ?? otherwise;
}
