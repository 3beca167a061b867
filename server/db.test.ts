import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { migrate } from '#prisma/migrate.ts';
import { openDb } from './db.ts';

test('a new database gets every table of the schema, and a second start changes nothing', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'drydock-db-'));
  const db = await openDb(`file:${path.join(folder, 'drydock.db')}`);
  try {
    await expect(migrate(db)).resolves.toEqual([]);
    const rows = await Promise.all([
      db.user.findMany(),
      db.session.findMany(),
      db.grading.findMany(),
      db.checkResult.findMany(),
      db.solve.findMany(),
      db.attempt.findMany(),
      db.attemptQuestion.findMany(),
    ]);
    expect(rows).toEqual([[], [], [], [], [], [], []]);
    const at = new Date('2026-01-02T03:04:05.678Z');
    await db.user.create({ data: { id: 'u', name: 'User', createdAt: at } });
    await expect(db.user.findUnique({ where: { id: 'u' } })).resolves.toMatchObject({ createdAt: at });
    await expect(
      db.attempt.create({ data: { id: 'a', userId: 'nobody', startedAt: at, endsAt: at, aliveAt: at } }),
    ).rejects.toThrow('Foreign key');
  } finally {
    await db.$disconnect();
    rmSync(folder, { recursive: true, force: true });
  }
});
