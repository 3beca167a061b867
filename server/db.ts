import { PrismaLibSql } from '@prisma/adapter-libsql';
import { PrismaClient } from '#prisma/client/client.ts';
import { migrate } from '#prisma/migrate.ts';

export type Db = PrismaClient;

/** Opens the database at `url` (`file:/path/drydock.db`) and brings it to the newest schema. */
export async function openDb(url: string): Promise<Db> {
  const db = new PrismaClient({ adapter: new PrismaLibSql({ url }) });
  // Write-ahead logging: an acknowledged write survives a killed process, and readers never wait for the writer.
  await db.$queryRawUnsafe('PRAGMA journal_mode = WAL');
  await migrate(db);
  return db;
}
