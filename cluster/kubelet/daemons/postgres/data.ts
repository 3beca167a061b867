/** The folder that PostgreSQL keeps everything in. */
import type { Box } from '../../shell/box.ts';
import { Engine } from '../sql/engine.ts';
import { Storage } from '../sql/storage.ts';

export const EXTENSION = '.heap';

export const dataOf = (env: ReadonlyMap<string, string>): string => env.get('PGDATA') ?? '/var/lib/postgresql/data';
export const basesOf = (env: ReadonlyMap<string, string>): string => `${dataOf(env)}/base`;
export const stamp = (box: Box): string => `${new Date(box.now()).toISOString().slice(0, 23).replace('T', ' ')} UTC`;

export const engineOf = (box: Box, env: ReadonlyMap<string, string>, version: string): Engine =>
  new Engine({
    storage: new Storage(box, basesOf(env), EXTENSION),
    now: () => box.now(),
    random: () => box.random(),
    version: `PostgreSQL ${version} (Debian ${version}-1.pgdg13+1) on x86_64-pc-linux-gnu, compiled by gcc (Debian 14.2.0-19) 14.2.0, 64-bit`,
    variables: new Map(),
    standard: true,
  });
