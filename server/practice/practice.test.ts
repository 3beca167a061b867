import { expect, test } from '@jest/globals';
import { userError } from '../errors.ts';
import { attachTerminal } from '../sessions/attach-terminal.ts';
import { fakeParts, fakeScenario } from '../testing/fake-parts.ts';
import { withApp } from '../testing/test-app.ts';
import { checkSession } from './check-session.ts';
import { getTask } from './get-task.ts';
import { giveUp } from './give-up.ts';
import { listScenarios } from './list-scenarios.ts';
import { openSession } from './open-session.ts';
import { resetSession } from './reset-session.ts';
import { showHint } from './show-hint.ts';

test('opening a task makes one session, also from two tabs at once, and comes back to it later', async () => {
  await withApp(async ({ app, parts, userId }) => {
    const [first, second] = await Promise.all([
      openSession(app, userId, 'core/one'),
      openSession(app, userId, 'core/one'),
    ]);
    expect(second.sessionId).toBe(first.sessionId);
    expect(parts.made).toHaveLength(1);
    expect([...parts.machines]).toEqual([first.sessionId]);
    expect(parts.made[0]?.words).toEqual(['set-up']);
  });
});

test('a check tells what failed, then solves, and the solve is counted once until a reset', async () => {
  await withApp(async ({ app, parts, clock, userId }) => {
    const { sessionId } = await openSession(app, userId, 'core/one');
    const before = await checkSession(app, userId, sessionId);
    expect(before).toMatchObject({ solved: false, solutions: undefined, last: { scored: 0, possible: 3 } });
    expect(before.last?.results.map((result) => result.result.outcome)).toEqual(['failed', 'failed']);

    clock.now += 90_000;
    parts.made[0]?.words.push('alpha', 'beta');
    const after = await checkSession(app, userId, sessionId);
    expect(after).toMatchObject({ solved: true, last: { scored: 3, possible: 3 } });
    expect(after.solutions).toHaveLength(1);
    await checkSession(app, userId, sessionId);
    await expect(app.db.solve.findMany({ select: { seconds: true, hintsUsed: true, gaveUp: true } })).resolves.toEqual([
      { seconds: 90, hintsUsed: 0, gaveUp: false },
    ]);

    clock.now += 1000;
    await resetSession(app, userId, sessionId);
    expect(parts.made[0]?.words).toEqual(['set-up']);
    const task = await getTask(app, userId, 'core/one');
    expect(task.progress).toMatchObject({ sessionId, solved: false, last: undefined, solutions: undefined });
    await expect(listScenarios(app, userId)).resolves.toMatchObject({ rows: [{ state: 'solved' }, { state: 'new' }] });
  });
});

test('checks that could not run cost nothing and solve nothing by themselves', async () => {
  const broken = fakeScenario('core/broken');
  const [alpha] = broken.checks;
  if (alpha === undefined) throw new Error('the fake has checks');
  broken.checks = [alpha, { ...alpha, id: 'broken' }];
  const onlyBroken = fakeScenario('core/only-broken', { checks: [{ ...alpha, id: 'broken' }] });
  await withApp(
    async ({ app, parts, userId }) => {
      const { sessionId } = await openSession(app, userId, 'core/broken');
      parts.made[0]?.words.push('alpha');
      await expect(checkSession(app, userId, sessionId)).resolves.toMatchObject({ solved: true });
      const other = await openSession(app, userId, 'core/only-broken');
      await expect(checkSession(app, userId, other.sessionId)).resolves.toMatchObject({ solved: false });
    },
    fakeParts([broken, onlyBroken]),
  );
});

test('hints come one by one, the solution only after giving up, and both are hidden by a reset', async () => {
  await withApp(async ({ app, userId }) => {
    const { sessionId } = await openSession(app, userId, 'core/one');
    await expect(showHint(app, userId, sessionId)).resolves.toHaveLength(1);
    await expect(showHint(app, userId, sessionId)).resolves.toHaveLength(2);
    await expect(showHint(app, userId, sessionId)).rejects.toMatchObject({ code: 'no-more-hints' });
    await expect(giveUp(app, userId, sessionId)).resolves.toHaveLength(1);
    await expect(getTask(app, userId, 'core/one')).resolves.toMatchObject({
      progress: { gaveUp: true, hints: [{}, {}], solutions: [{}] },
    });
    await resetSession(app, userId, sessionId);
    await expect(getTask(app, userId, 'core/one')).resolves.toMatchObject({
      progress: { gaveUp: false, hints: [], solutions: undefined },
    });
  });
});

test('the cluster comes back after a killed server as it was last saved', async () => {
  await withApp(async (server) => {
    const { sessionId } = await openSession(server.app, server.userId, 'core/one');
    server.parts.made[0]?.words.push('alpha');
    await checkSession(server.app, server.userId, sessionId);
    await server.kill();
    const { app, parts, userId } = await server.restart();
    await expect(openSession(app, userId, 'core/one')).resolves.toMatchObject({ sessionId });
    expect(parts.made[1]?.words).toEqual(['set-up', 'alpha']);
    await resetSession(app, userId, sessionId);
    expect(parts.made[1]?.words).toEqual(['set-up']);
  });
});

test('a scenario whose setup was edited is built anew by a reset', async () => {
  await withApp(async ({ app, parts, userId }) => {
    const { sessionId } = await openSession(app, userId, 'core/one');
    parts.list[0] = fakeScenario('core/one', { setup: [{ cordon: 'node01' }] });
    await resetSession(app, userId, sessionId);
    expect(parts.made).toHaveLength(2);
    expect(parts.made[0]?.closed).toBe(true);
  });
});

test('a session with no terminal for long is put away and comes back', async () => {
  await withApp(async ({ app, parts, clock, userId }) => {
    const { sessionId } = await openSession(app, userId, 'core/one');
    const { detach } = await attachTerminal(app, userId, sessionId);
    clock.now += 59 * 60_000;
    await app.live.tick();
    expect(parts.made[0]?.closed).toBe(false);
    detach();
    clock.now += 60 * 60_000;
    await app.live.tick();
    expect(parts.made[0]?.closed).toBe(true);
    expect(parts.machines.size).toBe(0);
    await openSession(app, userId, 'core/one');
    expect(parts.made).toHaveLength(2);
  });
});

test('failures have codes, and words in both languages', async () => {
  await withApp(
    async ({ app, parts, userId }) => {
      await expect(openSession(app, userId, 'core/none')).rejects.toMatchObject({ code: 'scenario-not-found' });
      await expect(openSession(app, userId, 'core/bad')).rejects.toMatchObject({
        code: 'setup-failed',
        detail: 'no such node',
      });
      parts.sandboxProblem = 'bwrap is missing: apt install bubblewrap';
      const failure = await openSession(app, userId, 'core/one').catch((error: unknown) => error);
      expect(userError(failure, 'ko')).toMatchObject({
        code: 'no-sandbox',
        status: 503,
        detail: 'bwrap is missing: apt install bubblewrap',
      });
      expect(userError(new Error('secret'), 'en')).toMatchObject({ code: 'internal', status: 500 });
      expect(JSON.stringify(userError(new Error('secret'), 'en'))).not.toContain('secret');
      parts.sandboxProblem = undefined;
      const { sessionId } = await openSession(app, userId, 'core/one');
      await expect(checkSession(app, 'somebody-else', sessionId)).rejects.toMatchObject({ code: 'session-not-found' });
      await expect(attachTerminal(app, 'somebody-else', sessionId)).rejects.toMatchObject({
        code: 'session-not-found',
      });
    },
    fakeParts([fakeScenario('core/one'), fakeScenario('core/bad', { setup: [{ cordon: 'missing' }] })]),
  );
});

test('next is what was begun, then the easiest and shortest not solved, then nothing', async () => {
  const list = [
    fakeScenario('core/hard', { difficulty: 4 }),
    fakeScenario('core/long', { minutes: 20 }),
    fakeScenario('core/short', { minutes: 3 }),
  ];
  await withApp(async ({ app, parts, userId }) => {
    await expect(listScenarios(app, userId)).resolves.toMatchObject({
      next: { row: { id: 'core/short' }, why: 'first' },
    });
    const { sessionId } = await openSession(app, userId, 'core/hard');
    await expect(listScenarios(app, userId)).resolves.toMatchObject({
      next: { row: { id: 'core/hard', state: 'started' }, why: 'continue' },
    });
    parts.made[0]?.words.push('alpha', 'beta');
    await checkSession(app, userId, sessionId);
    await expect(listScenarios(app, userId)).resolves.toMatchObject({
      next: { row: { id: 'core/short' }, why: 'not-solved' },
    });
    parts.list.splice(1);
    await expect(listScenarios(app, userId)).resolves.toMatchObject({ next: undefined });
  }, fakeParts(list));
});
