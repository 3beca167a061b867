import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import type { Scenario } from '#grader/types.ts';
import { checkSession } from '../practice/check-session.ts';
import { openSession } from '../practice/open-session.ts';
import { getProgress } from '../progress/get-progress.ts';
import { attachTerminal } from '../sessions/attach-terminal.ts';
import { fakeParts, fakeScenario } from '../testing/fake-parts.ts';
import { type TestServer, withApp } from '../testing/test-app.ts';
import { examOf } from './blueprint.ts';
import { flagQuestion } from './flag-question.ts';
import { getAttempt } from './get-attempt.ts';
import { getClock } from './get-clock.ts';
import { listAttempts } from './list-attempts.ts';
import { openQuestion } from './open-question.ts';
import { score } from './score.ts';
import { startAttempt } from './start-attempt.ts';
import { submitAttempt } from './submit-attempt.ts';

const MINUTE = 60_000;

async function started({ app, userId }: TestServer) {
  const { attemptId } = await startAttempt(app, userId);
  const attempt = await getAttempt(app, userId, attemptId);
  if (attempt.phase !== 'running') throw new Error(`the attempt is ${attempt.phase}`);
  return { attemptId, attempt, questions: attempt.questions };
}

test('an exam asks the shipped scenarios, easy first, in the time they are given, at most two hours', () => {
  const scenarios = [
    fakeScenario('core/hard', { difficulty: 5, minutes: 10 }),
    fakeScenario('core/easy', { minutes: 5 }),
    fakeScenario('own/mine', { origin: 'own' }),
  ];
  const drawExam = (among: readonly Scenario[]) =>
    examOf({ scenarios: among, blueprints: [], problems: [] }, undefined, 0);
  const exam = drawExam(scenarios);
  expect(exam.scenarios.map((scenario) => scenario.id)).toEqual(['core/easy', 'core/hard']);
  expect(exam.minutes).toBe(15);
  const many = Array.from({ length: 20 }, (_, index) => fakeScenario(`core/t${index}`, { minutes: 9 }));
  expect(drawExam(many)).toMatchObject({ minutes: 120, scenarios: { length: 17 } });
});

test('an exam of full length weighs the domains as the curriculum does, and the seed decides which tasks', () => {
  const domains = [
    'storage',
    'troubleshooting',
    'workloads-and-scheduling',
    'cluster-architecture',
    'services-and-networking',
  ] as const;
  const many = domains.flatMap((domain) =>
    Array.from({ length: 8 }, (_, index) => fakeScenario(`core/${domain}-${index}`, { domain })),
  );
  const drawExam = (among: readonly Scenario[], seed: number) =>
    examOf({ scenarios: among, blueprints: [], problems: [] }, undefined, seed);
  const ids = (seed: number): string[] => drawExam(many, seed).scenarios.map(({ id }) => id);
  const drawn = drawExam(many, 7);
  expect(domains.map((domain) => drawn.scenarios.filter((scenario) => scenario.domain === domain).length)).toEqual([
    2, 5, 3, 4, 3,
  ]);
  expect(drawn.minutes).toBe(120);
  expect(ids(7)).toEqual(ids(7));
  expect(ids(8)).not.toEqual(ids(7));
  // Where only one domain has tasks, it fills the exam.
  const storage = many.filter(({ domain }) => domain === 'storage');
  expect(drawExam(storage, 1).scenarios.length).toBe(8);
});

test('an exam of a blueprint: its questions, time and mark, and the same again', async () => {
  const parts = fakeParts([fakeScenario('core/one'), fakeScenario('core/two'), fakeScenario('core/three')]);
  parts.blueprints.push({
    id: 'core/short',
    pack: 'core',
    title: { en: 'Short', ko: '짧은 시험' },
    minutes: 20,
    pass: 90,
    questions: ['core/three', 'core/one'],
  });
  await withApp(async ({ app, userId }) => {
    await expect(listAttempts(app, userId)).resolves.toMatchObject({
      exams: [
        { id: undefined, questions: 3, minutes: 18, passPercent: 66 },
        { id: 'core/short', title: { en: 'Short' }, questions: 2, minutes: 20, passPercent: 90 },
      ],
    });
    await expect(startAttempt(app, userId, { exam: 'core/none' })).rejects.toMatchObject({ code: 'exam-not-found' });
    const { attemptId } = await startAttempt(app, userId, { exam: 'core/short' });
    const asked = async (id: string) => {
      const { endsAt, now } = await getClock(app, userId, id);
      const questions = await app.db.attemptQuestion.findMany({
        where: { attemptId: id },
        orderBy: { position: 'asc' },
        select: { scenarioId: true },
      });
      return { ids: questions.map(({ scenarioId }) => scenarioId), minutes: (endsAt - now) / MINUTE };
    };
    const short = { ids: ['core/three', 'core/one'], minutes: 20 };
    await expect(asked(attemptId)).resolves.toEqual(short);
    await submitAttempt(app, userId, attemptId);
    await expect(getAttempt(app, userId, attemptId)).resolves.toMatchObject({ score: { passPercent: 90 } });
    const again = await startAttempt(app, userId, { again: attemptId });
    await expect(asked(again.attemptId)).resolves.toEqual(short);
  }, parts);
});

test('an exam runs, is flagged, and is graded by question and check when submitted', async () => {
  await withApp(async (server) => {
    const { app, parts, clock, userId } = server;
    const { attemptId, attempt, questions } = await started(server);
    expect(attempt.endsAt - attempt.now).toBe(12 * MINUTE);
    await expect(startAttempt(app, userId)).resolves.toEqual({ attemptId });
    const [first, second] = questions;
    if (first === undefined || second === undefined) throw new Error('two questions');

    await openQuestion(app, userId, { attemptId, questionId: first.id });
    parts.made[0]?.words.push('alpha', 'beta');
    await flagQuestion(app, userId, { attemptId, questionId: second.id, flagged: true });
    await expect(getAttempt(app, userId, attemptId)).resolves.toMatchObject({
      questions: [{ flagged: false }, { flagged: true }],
    });
    // An exam's session is no practice: no checks on the way.
    await expect(checkSession(app, userId, first.sessionId)).rejects.toMatchObject({ code: 'session-not-found' });

    clock.now += 5 * MINUTE;
    await submitAttempt(app, userId, attemptId);
    const over = await getAttempt(app, userId, attemptId);
    expect(over).toMatchObject({
      phase: 'over',
      endedBy: 'submitted',
      score: { scored: 3, possible: 6, percent: 50, passed: false },
      questions: [{ graded: { solved: true } }, { graded: { solved: false, results: [{}, {}] } }],
    });
    expect(parts.machines.size).toBe(0);
    expect(existsSync(path.join(app.dataDir, 'attempts', attemptId, '0.json.gz'))).toBe(true);

    await submitAttempt(app, userId, attemptId);
    await expect(getAttempt(app, userId, attemptId)).resolves.toEqual(over);
    await expect(flagQuestion(app, userId, { attemptId, questionId: second.id, flagged: false })).rejects.toMatchObject(
      {
        code: 'attempt-over',
      },
    );
    await expect(listAttempts(app, userId)).resolves.toMatchObject({
      running: undefined,
      attempts: [{ id: attemptId, score: { percent: 50 } }],
    });
  });
});

test('the deadline is a hard stop: shells end, what is there is graded, nothing more is let in', async () => {
  await withApp(async (server) => {
    const { app, parts, clock, userId } = server;
    const { attemptId, questions } = await started(server);
    const [first] = questions;
    if (first === undefined) throw new Error('a question');
    await openQuestion(app, userId, { attemptId, questionId: first.id });
    parts.made[0]?.words.push('alpha');
    const ticks = 12 * 60;
    for (let second = 0; second < ticks - 1; second += 1) {
      clock.now += 1000;
      await app.deadlines.tick();
    }
    await expect(getClock(app, userId, attemptId)).resolves.toMatchObject({ over: false });
    expect(parts.machines.size).toBe(1);

    clock.now += 1000;
    // The deadline itself counts, before anything has been graded.
    await expect(attachTerminal(app, userId, first.sessionId)).rejects.toMatchObject({ code: 'attempt-over' });
    await expect(getAttempt(app, userId, attemptId)).resolves.toMatchObject({ phase: 'grading' });
    await app.deadlines.tick();
    await expect(getAttempt(app, userId, attemptId)).resolves.toMatchObject({
      phase: 'over',
      endedBy: 'time',
      score: { scored: 1, possible: 6 },
    });
    expect(parts.machines.size).toBe(0);
    await expect(getClock(app, userId, attemptId)).resolves.toMatchObject({ over: true });
  });
});

test('a killed server costs no time: the attempt goes on with what was left', async () => {
  await withApp(async (server) => {
    const { attemptId } = await started(server);
    for (let second = 0; second < 120; second += 1) {
      server.clock.now += 1000;
      await server.app.deadlines.tick();
    }
    await server.kill();
    server.clock.now += 3 * 60 * MINUTE;
    const { app, clock, userId } = await server.restart();
    const { now, endsAt, over } = await getClock(app, userId, attemptId);
    expect(over).toBe(false);
    // At most the five seconds between two notes that the server is alive are given away.
    expect(endsAt - now).toBeGreaterThanOrEqual(10 * MINUTE);
    expect(endsAt - now).toBeLessThanOrEqual(10 * MINUTE + 5000);

    // A machine that slept: one tick, an hour later.
    clock.now += 60 * MINUTE;
    await app.deadlines.tick();
    const later = await getClock(app, userId, attemptId);
    expect(later.endsAt - later.now).toBe(endsAt - now);
  });
});

test('a server killed while grading finishes at its next start', async () => {
  await withApp(async (server) => {
    const { attemptId } = await started(server);
    await server.app.db.attempt.updateMany({ data: { endedAt: new Date(server.clock.now), endedBy: 'submitted' } });
    await server.kill();
    const { app, userId } = await server.restart();
    await expect(getAttempt(app, userId, attemptId)).resolves.toMatchObject({
      phase: 'over',
      endedBy: 'submitted',
      score: { scored: 0, possible: 6 },
    });
  });
});

test('a question that cannot be graded does not count', async () => {
  const parts = fakeParts([fakeScenario('core/one'), fakeScenario('core/two', { setup: [{ cordon: 'missing' }] })]);
  await withApp(async (server) => {
    const { app, userId } = server;
    const { attemptId, questions } = await started(server);
    await openQuestion(app, userId, { attemptId, questionId: questions[0]?.id ?? '' });
    parts.made[0]?.words.push('alpha', 'beta');
    await expect(openQuestion(app, userId, { attemptId, questionId: questions[1]?.id ?? '' })).rejects.toMatchObject({
      code: 'setup-failed',
    });
    await submitAttempt(app, userId, attemptId);
    await expect(getAttempt(app, userId, attemptId)).resolves.toMatchObject({
      score: { scored: 3, possible: 3, percent: 100, passed: true },
      questions: [
        {},
        { graded: { results: [{ result: { outcome: 'unknown', reason: 'setup-failed: no such node' } }, {}] } },
      ],
    });
  }, parts);
});

test('a question that nobody opened costs its points, and no cluster is made to say so', async () => {
  await withApp(async (server) => {
    const { app, userId, parts } = server;
    const { attemptId, questions } = await started(server);
    await openQuestion(app, userId, { attemptId, questionId: questions[0]?.id ?? '' });
    await submitAttempt(app, userId, attemptId);
    expect(parts.made.length).toBe(1);
    await expect(getAttempt(app, userId, attemptId)).resolves.toMatchObject({
      score: { scored: 0, possible: 6 },
      questions: [{}, { spentMs: 0, causes: { alpha: 'not-attempted', beta: 'not-attempted' } }],
    });
  });
});

test('an exam needs scenarios, and belongs to who took it', async () => {
  await withApp(async ({ app, userId }) => {
    await expect(startAttempt(app, userId)).rejects.toMatchObject({ code: 'exam-empty' });
    await expect(getAttempt(app, userId, 'none')).rejects.toMatchObject({ code: 'attempt-not-found' });
  }, fakeParts([]));
  await withApp(async (server) => {
    const { attemptId, questions } = await started(server);
    const questionId = questions[0]?.id ?? '';
    for (const refused of [
      getAttempt(server.app, 'other', attemptId),
      getClock(server.app, 'other', attemptId),
      openQuestion(server.app, 'other', { attemptId, questionId }),
      submitAttempt(server.app, 'other', attemptId),
    ]) {
      await expect(refused).rejects.toMatchObject({ code: 'attempt-not-found' });
    }
  });
});

test.each([
  { name: 'just a pass', scored: 66, possible: 100, percent: 66, passed: true },
  { name: 'just not: rounded down', scored: 659, possible: 1000, percent: 65, passed: false },
  { name: 'nothing counts', scored: 0, possible: 0, percent: 0, passed: false },
])('score: $name', ({ scored, possible, percent, passed }) => {
  expect(score([{ scored, possible }], 66)).toMatchObject({ percent, passed });
});

test('progress tells best times apart from solves with the solution shown', async () => {
  await withApp(async ({ app, parts, clock, userId }) => {
    const { sessionId } = await openSession(app, userId, 'core/one');
    parts.made[0]?.words.push('alpha', 'beta');
    clock.now += 61_000;
    await checkSession(app, userId, sessionId);
    await app.db.solve.create({
      data: {
        id: 'shown',
        userId,
        scenarioId: 'core/one',
        sessionId,
        solvedAt: new Date(clock.now + 1000),
        seconds: 2,
        hintsUsed: 0,
        gaveUp: true,
      },
    });
    await expect(getProgress(app, userId)).resolves.toMatchObject({
      solved: [{ id: 'core/one', times: 2, best: 61, bestHints: 0 }],
      domains: [{ domain: 'storage', solved: 1, total: 2 }],
    });
  });
});
