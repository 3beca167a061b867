/** What the exam room keeps: hosts, visits, notes, outages; and what the result makes of them. */
import { expect, test } from '@jest/globals';
import { fakeParts, fakeScenario } from '../testing/fake-parts.ts';
import { type TestServer, withApp } from '../testing/test-app.ts';
import { wasAttempted } from './attempted.ts';
import { type Cause, causeOf, type Circumstances } from './cause.ts';
import { exportAttempt, toCsv } from './export-attempt.ts';
import { getAttempt } from './get-attempt.ts';
import { getClock } from './get-clock.ts';
import { hostnames } from './hosts.ts';
import { keepNotes } from './keep-notes.ts';
import { openQuestion } from './open-question.ts';
import { lostBy, pointsBy } from './question-result.ts';
import { startAttempt } from './start-attempt.ts';
import { submitAttempt } from './submit-attempt.ts';
import { timeByQuestion } from './visits.ts';

const MINUTE = 60_000;

async function started({ app, userId }: TestServer, again?: string) {
  const { attemptId } = await startAttempt(app, userId, again === undefined ? {} : { again });
  const attempt = await getAttempt(app, userId, attemptId);
  if (attempt.phase !== 'running') throw new Error(`the attempt is ${attempt.phase}`);
  const [first, second] = attempt.questions;
  if (first === undefined || second === undefined) throw new Error('two questions');
  return { attemptId, attempt, first, second };
}

async function over({ app, userId }: TestServer, attemptId: string) {
  const attempt = await getAttempt(app, userId, attemptId);
  if (attempt.phase !== 'over') throw new Error(`the attempt is ${attempt.phase}`);
  return attempt;
}

test('hosts have the same name each time, no two in one exam, and the author’s own where there is one', () => {
  const [one, two] = hostnames([{ id: 'core/one' }, { id: 'core/two' }]);
  expect(one).toMatch(/^cka\d{4}$/);
  expect(two).not.toBe(one);
  expect(hostnames([{ id: 'core/two' }, { id: 'core/one' }])).toEqual([two, one]);
  expect(hostnames([{ id: 'a/b', host: 'ek8s' }])).toEqual(['ek8s']);
  expect(hostnames([{ id: 'core/one' }, { id: 'core/one' }, { id: 'x', host: 'cka1000' }])).toEqual([
    one,
    'cka1000',
    'cka1001',
  ]);
});

test('one machine with a host for each question; terminals are remembered by question', async () => {
  const parts = fakeParts();
  const asked: unknown[] = [];
  const { open } = parts.workspaces;
  parts.workspaces = {
    ...parts.workspaces,
    hosts: { possible: true },
    async open(request) {
      asked.push(request);
      return { ...(await open(request)), terminals: ['q1-1', 'q2-1', 'q2-3'] };
    },
  };
  await withApp(async (server) => {
    const { app, userId } = server;
    const { attemptId, attempt, first, second } = await started(server);
    expect(attempt.base).toBe(true);
    const input = { attemptId, questionId: second.id };
    await expect(openQuestion(app, userId, { attemptId, questionId: first.id })).resolves.toEqual({
      sessionId: first.sessionId,
      place: { path: `/ws/exam/${attemptId}`, prefix: 'q1-', open: ['q1-1'] },
    });
    await expect(openQuestion(app, userId, input)).resolves.toMatchObject({
      place: { path: `/ws/exam/${attemptId}`, prefix: 'q2-', open: ['q2-1', 'q2-3'] },
    });
    expect(asked).toMatchObject([{ id: attemptId, hosts: [{ hostname: first.host }, { hostname: second.host }] }]);
    await submitAttempt(app, userId, attemptId);
    expect(parts.machines.size).toBe(0);
  }, parts);
});

test('without ssh each question’s terminal starts straight on its host', async () => {
  await withApp(async (server) => {
    const { attemptId, attempt, first } = await started(server);
    expect(attempt.base).toBe(false);
    await expect(openQuestion(server.app, server.userId, { attemptId, questionId: first.id })).resolves.toMatchObject({
      place: { path: `/ws/terminal/${first.sessionId}`, prefix: '' },
    });
  });
});

test('notes are kept while the exam runs, and shown with the result', async () => {
  await withApp(async (server) => {
    const { app, userId } = server;
    const { attemptId } = await started(server);
    await keepNotes(app, userId, { attemptId, notes: 'q2: 나중에' });
    await expect(keepNotes(app, 'other', { attemptId, notes: 'theirs' })).rejects.toMatchObject({
      code: 'attempt-not-found',
    });
    await submitAttempt(app, userId, attemptId);
    await expect(keepNotes(app, userId, { attemptId, notes: 'late' })).rejects.toMatchObject({ code: 'attempt-over' });
    await expect(over(server, attemptId)).resolves.toMatchObject({ notes: 'q2: 나중에' });
  });
});

test('an outage is added back and noted, and belongs to no question', async () => {
  await withApp(async (server) => {
    const { attemptId, first, second } = await started(server);
    await openQuestion(server.app, server.userId, { attemptId, questionId: first.id });
    for (let tick = 0; tick < 12; tick += 1) {
      server.clock.now += 10_000;
      await server.app.deadlines.tick();
    }
    await server.app.deadlines.stillAlive();
    await server.kill();
    server.clock.now += 30 * MINUTE;
    const next = await server.restart();
    await expect(getClock(next.app, next.userId, attemptId)).resolves.toMatchObject({ addedMs: 30 * MINUTE });
    await expect(getAttempt(next.app, next.userId, attemptId)).resolves.toMatchObject({
      addedMs: 30 * MINUTE,
      questions: [{ visited: true }, { visited: false }],
    });
    next.clock.now += MINUTE;
    await openQuestion(next.app, next.userId, { attemptId, questionId: second.id });
    await openQuestion(next.app, next.userId, { attemptId, questionId: second.id });
    next.clock.now += 4 * MINUTE;
    await submitAttempt(next.app, next.userId, attemptId);
    await expect(over(next, attemptId)).resolves.toMatchObject({
      usedMs: 7 * MINUTE,
      totalMs: 12 * MINUTE,
      questions: [{ spentMs: 3 * MINUTE }, { spentMs: 4 * MINUTE, scenario: { targetMs: 6 * MINUTE } }],
    });
  });
});

test('the same exam again: the same tasks, drawn anew', async () => {
  const parts = fakeParts([fakeScenario('core/one', { varies: true }), fakeScenario('core/two', { varies: true })]);
  await withApp(async (server) => {
    const { attemptId, attempt } = await started(server);
    await submitAttempt(server.app, server.userId, attemptId);
    parts.list = [fakeScenario('core/new'), ...parts.list];
    const again = await started(server, attemptId);
    expect(again.attempt.questions.map(({ task }) => task?.id)).toEqual(attempt.questions.map(({ task }) => task?.id));
    expect(again.first.task?.task.en).not.toBe(attempt.questions[0]?.task?.task.en);
    await submitAttempt(server.app, server.userId, again.attemptId);
    await expect(startAttempt(server.app, server.userId, { again: 'somebody’s' })).rejects.toMatchObject({
      code: 'attempt-not-found',
    });
  }, parts);
});

test('a result as files: a row for each check, and nothing of an exam that runs', async () => {
  await withApp(async (server) => {
    const { app, userId, parts } = server;
    const { attemptId, first } = await started(server);
    const csv = { attemptId, format: 'csv', locale: 'en' } as const;
    await expect(exportAttempt(app, userId, csv)).rejects.toMatchObject({ code: 'attempt-not-found' });
    await openQuestion(app, userId, { attemptId, questionId: first.id });
    parts.made[0]?.words.push('alpha');
    await submitAttempt(app, userId, attemptId);
    const { body, name } = await exportAttempt(app, userId, csv);
    expect(name).toBe('drydock-exam-2026-03-01.csv');
    const lines = body.split('\r\n');
    expect(lines.length).toBe(1 + 4 + 1);
    expect(lines[1]).toMatch(
      /^1,core\/one,Title of core\/one,storage,cka\d{4},\d+,360,alpha,Alpha is there,1,1,passed,,,$/,
    );
    const json = JSON.parse((await exportAttempt(app, userId, { ...csv, format: 'json' })).body) as unknown;
    expect(json).toMatchObject({
      id: attemptId,
      endedBy: 'submitted',
      score: { scored: 1, possible: 6 },
      secondsAdded: 0,
    });
    const { questions } = await over(server, attemptId);
    expect([...pointsBy(questions, ({ domain }) => [domain])]).toEqual([['storage', { scored: 1, possible: 6 }]]);
    expect(lostBy(questions).reduce((sum, [, points]) => sum + points, 0)).toBe(5);
  });
});

test('cells that a spreadsheet would run stay texts', () => {
  const row = {
    question: 1,
    scenario: '=1+1',
    title: 'a "b", c',
    domain: '',
    host: '',
    secondsSpent: 0,
    secondsTarget: '',
    check: '-x',
    sentence: 'two\nlines',
    points: 1,
    scored: -1,
    outcome: 'failed',
    cause: '',
    nearMiss: '@SUM',
    findings: '',
  };
  expect(toCsv([row]).split('\r\n')[1]).toBe(`1,'=1+1,"a ""b"", c",,,0,,'-x,"two\nlines",1,-1,failed,,'@SUM,`);
});

test.each([
  {
    name: 'in turn',
    visits: [
      [0, 0],
      [1, 60],
      [0, 90],
    ],
    end: 100,
    times: { 0: 70, 1: 30 },
  },
  { name: 'none', visits: [], end: 100, times: {} },
  {
    name: 'the end before the last visit',
    visits: [
      [0, 0],
      [1, 60],
    ],
    end: 50,
    times: { 0: 60, 1: 0 },
  },
])('time by question: $name', ({ visits, end, times }) => {
  const noted = visits.map(([position = 0, elapsedMs = 0]) => ({ position, elapsedMs }));
  expect(Object.fromEntries(timeByQuestion(noted, end))).toEqual(times);
});

const worked: Circumstances = { spentMs: 1000, attempted: true, timeUp: false, openAtEnd: false };
const failed = (en?: string) => ({
  points: 2,
  scored: 0,
  result: { outcome: 'failed' as const, findings: [], ...(en === undefined ? {} : { nearMiss: { en, ko: '' } }) },
});
const PLACE = 'Pod "web" is in namespace "default"; it belongs in "team".';
const TYPO = 'There is a Pod "wbe"; its name has to be "web".';

test.each<{
  name: string;
  check: Parameters<typeof causeOf>[0];
  with?: Partial<Circumstances>;
  cause: Cause | undefined;
}>([
  { name: 'nothing lost', check: { points: 2, scored: 2, result: { outcome: 'passed' } }, cause: undefined },
  {
    name: 'not checked',
    check: { points: 2, scored: 0, result: { outcome: 'unknown', reason: '' } },
    cause: undefined,
  },
  { name: 'never opened', check: failed(), with: { spentMs: 0 }, cause: 'not-attempted' },
  { name: 'never reached', check: failed(), with: { spentMs: 0, timeUp: true }, cause: 'time' },
  { name: 'opened, nothing done', check: failed(), with: { attempted: false }, cause: 'not-attempted' },
  { name: 'the last one, at zero', check: failed(), with: { timeUp: true, openAtEnd: true }, cause: 'time' },
  { name: 'elsewhere', check: failed(PLACE), cause: 'place' },
  { name: 'mistyped', check: failed(TYPO), cause: 'typo' },
  { name: 'mistyped in the last minute', check: failed(TYPO), with: { timeUp: true, openAtEnd: true }, cause: 'typo' },
  { name: 'otherwise', check: failed(), cause: 'concept' },
  { name: 'not known whether tried', check: failed(), with: { attempted: null }, cause: 'concept' },
  { name: 'held alone', check: { points: 1, scored: 0, result: { outcome: 'passed' } }, cause: 'concept' },
])('cause: $name', ({ check, with: changes, cause }) => {
  expect(causeOf(check, { ...worked, ...changes })).toBe(cause);
});

const object = (name: string, more: Record<string, unknown> = {}, metadata: Record<string, unknown> = {}) => ({
  apiVersion: 'v1',
  kind: 'Thing',
  metadata: { name, uid: name, ...metadata },
  ...more,
});

test.each([
  { name: 'nothing', resource: 'pods', was: [object('a')], is: [object('a')], tried: false },
  { name: 'a new object', resource: 'pods', was: [], is: [object('a')], tried: true },
  { name: 'one gone', resource: 'services', was: [object('a')], is: [], tried: true },
  { name: 'made anew', resource: 'pods', was: [object('a')], is: [object('a', {}, { uid: 'b' })], tried: true },
  { name: 'changed', resource: 'nodes', was: [object('a')], is: [object('a', { spec: { x: 1 } })], tried: true },
  {
    name: 'labelled',
    resource: 'nodes',
    was: [object('a')],
    is: [object('a', {}, { labels: { x: '1' } })],
    tried: true,
  },
  {
    name: 'status alone',
    resource: 'nodes',
    was: [object('a')],
    is: [object('a', { status: { x: 1 } })],
    tried: false,
  },
  { name: 'events', resource: 'events', was: [], is: [object('a')], tried: false },
  {
    name: 'what a controller made',
    resource: 'pods',
    was: [],
    is: [object('a', {}, { ownerReferences: [{ kind: 'ReplicaSet', name: 'r', uid: 'r' }] })],
    tried: false,
  },
])('attempted: $name', ({ resource, was, is, tried }) => {
  const state = (items: ReturnType<typeof object>[]) => ({ now: 0, resources: { [resource]: items } });
  expect(wasAttempted(state(was) as never, state(is) as never)).toBe(tried);
});
