/** The timed exam: moving about, submitting, and the end that comes by itself. */
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { openDb } from '#server/db.ts';
import { questionsOf, startExam } from './support/exam.ts';
import { JOURNEY_MS, startJourney } from './support/journey.ts';
import { LearnerTerminal } from './support/terminal.ts';
import { GRADING_MS } from './support/tour.ts';

const journey = startJourney();

/** Milliseconds that the second exam has left when its server comes back. */
const LAST_MS = 20_000;

test(
  'an exam: move, flag, work in a terminal, submit, read the result by question and check',
  async () => {
    const page = await journey.signedIn();
    await startExam(page);
    const bar = page.getByRole('banner');
    const questions = page.getByRole('navigation', { name: 'Tasks of this exam' });
    const terminal = new LearnerTerminal(page);
    const total = await questionsOf(page).count();
    expect(total).toBeGreaterThanOrEqual(5);

    const clock = bar.getByRole('timer');
    const before = await clock.innerText();
    expect(before).toMatch(/^\d+:\d\d(:\d\d)?$/);
    await clock.filter({ hasNotText: before }).waitFor();
    await terminal.ready();
    // The exam's terminals start where no tools are.
    await expect(terminal.run('hostname; kubectl version')).resolves.toMatch(/^base$[^]*kubectl: command not found/m);
    const host = await terminal.toHost();
    expect(host).toMatch(/^cka\d{4}$/);
    await expect(terminal.run('kubectl config current-context')).resolves.toContain('kubernetes-admin@kubernetes');
    await terminal.run('echo first question');

    await page.getByRole('button', { name: 'Flag' }).click();
    await questions.getByRole('link', { name: 'Task 1, flagged' }).waitFor();
    await page.getByRole('link', { name: 'Next' }).click();
    await page.getByText(`Task 2 of ${total}`).waitFor();
    await page.getByRole('link', { name: 'Previous' }).click();
    await page.getByText(`Task 1 of ${total}`).waitFor();
    // Each question keeps its shell.
    await terminal.shows('echo first question');
    await terminal.shows(`candidate@${host}:~$`);

    const worked = Math.min(total, 4);
    await questions.getByRole('link', { name: `Task ${worked}, not opened` }).click();
    await page.getByText(`Task ${worked} of ${total}`).waitFor();
    await terminal.ready();
    await expect(terminal.toHost()).resolves.not.toBe(host);
    await expect(terminal.run('kubectl create configmap not-asked-for')).resolves.toContain('created');
    // As in the real exam, nothing on the way says how it stands.
    await expect(page.getByRole('button', { name: /^(Check|Hint|Show solution)$/ }).count()).resolves.toBe(0);

    const submit = bar.getByRole('button', { name: 'End exam' });
    const question = page.getByRole('alertdialog', { name: 'End the exam?' });
    await submit.click();
    await question.getByText(/^Not opened yet: tasks? 3/).waitFor();
    await question.getByText('Still flagged: task 1.').waitFor();
    await question.getByRole('button', { name: 'Cancel' }).click();
    await question.waitFor({ state: 'hidden' });
    await submit.click();
    await question.getByRole('button', { name: 'End exam' }).click();

    await page.getByRole('heading', { name: 'Exam result' }).waitFor({ timeout: GRADING_MS });
    await page.getByText('Not passed').waitFor();
    await page.getByText(/^Submitted · /).waitFor();
    const results = page.locator('main > section > div > details');
    await expect(results.count()).resolves.toBe(total);
    const report = results.nth(worked - 1);
    await expect(report.locator('summary').first().innerText()).resolves.toMatch(/Failed · 0 \/ \d+/);
    await expect(report.innerText()).resolves.toMatch(/Lost by: Not as asked[^]*Expected[^]*Solutions/);
    await expect(page.getByRole('heading', { name: 'Where points were lost' }).count()).resolves.toBe(1);
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'JSON' }).click()]);
    expect(file.suggestedFilename()).toMatch(/^drydock-exam-\d{4}-\d\d-\d\d\.json$/);
    await report.getByRole('link', { name: 'Replay the terminal' }).click();
    const replay = page.getByRole('region', { name: 'Recording of a terminal' });
    await replay.getByText(/Changes of the cluster/).waitFor();
    await replay.getByRole('slider').press('End');
    await replay
      .locator('.xterm-rows')
      .filter({ hasText: /configmap\/not-asked-for\s+created/ })
      .waitFor();

    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Progress' }).click();
    await page.getByRole('heading', { name: 'Exams' }).waitFor();
    await page.getByRole('row', { name: /Not passed/ }).waitFor();
  },
  JOURNEY_MS,
);

test(
  'an exam keeps its time while the server is stopped, and ends by itself when it is up',
  async () => {
    const page = await journey.signedIn();
    await startExam(page);
    await new LearnerTerminal(page).ready();
    const address = page.url();
    await page.goto('about:blank');
    await journey.restart(leaveLittleTime);
    await page.goto(address);
    await page.getByRole('timer').waitFor();

    await page.getByRole('heading', { name: 'Exam result' }).waitFor({ timeout: GRADING_MS });
    await page.getByText(/^Ended when the time was up · /).waitFor();
    await expect(page.locator('main > section > div > details').count()).resolves.toBeGreaterThanOrEqual(5);
    await page.goto(`${journey.trainer.origin}/exam`);
    await page.getByRole('button', { name: 'Start the exam' }).waitFor();
  },
  JOURNEY_MS,
);

/** The time left counts from when the server was last alive. */
async function leaveLittleTime(): Promise<void> {
  const db = await openDb(`file:${path.join(journey.folders.data, 'drydock.db')}`);
  try {
    const attempt = await db.attempt.findFirstOrThrow({
      where: { endedAt: null },
      select: { id: true, aliveAt: true },
    });
    await db.attempt.update({
      where: { id: attempt.id },
      data: { endsAt: new Date(attempt.aliveAt.getTime() + LAST_MS) },
      select: { id: true },
    });
  } finally {
    await db.$disconnect();
  }
}
