/** Applies prisma/migrations in order of their names. Prisma's own migrate needs a downloaded engine; this needs the client only. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { PrismaClient } from './client/client.ts';

const FOLDER = path.join(import.meta.dirname, 'migrations');

/**
 * Brings the database to the newest schema and returns the names of the migrations applied now.
 * Each one runs in a transaction with the row that remembers it, so a killed server never leaves half of one.
 */
export async function migrate(db: PrismaClient, folder: string = FOLDER): Promise<string[]> {
  await db.$executeRawUnsafe(
    'CREATE TABLE IF NOT EXISTS "Migration" ("name" TEXT NOT NULL PRIMARY KEY, "appliedAt" TEXT NOT NULL)',
  );
  const known = await db.$queryRawUnsafe<{ name: string }[]>('SELECT "name" FROM "Migration"');
  const done = new Set(known.map((row) => row.name));
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  const missing = [...done].filter((name) => !names.includes(name));
  if (missing.length > 0) {
    throw new Error(`The database is newer than this Drydock: it knows migration ${missing.join(', ')}.`);
  }
  const applied: string[] = [];
  for (const name of names.filter((name) => !done.has(name))) {
    const sql = readFileSync(path.join(folder, name, 'migration.sql'), 'utf8');
    await db.$transaction([
      ...statements(sql).map((statement) => db.$executeRawUnsafe(statement)),
      db.$executeRawUnsafe(
        'INSERT INTO "Migration" ("name", "appliedAt") VALUES (?, ?)',
        name,
        new Date().toISOString(),
      ),
    ]);
    applied.push(name);
  }
  return applied;
}

/** Our migrations end each statement with `;` at the end of a line, and have none elsewhere. */
function statements(sql: string): string[] {
  return sql
    .split(/;\s*(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}
