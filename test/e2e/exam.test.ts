/** The timed exam: moving about, submitting, and the end that comes by itself. */
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { openDb } from '#server/db.ts';
import { goToTask, questionsOf, startExam } from './support/exam.ts';
import { JOURNEY_MS, startJourney } from './support/journey.ts';
import { LearnerTerminal } from './support/terminal.ts';
import { GRADING_MS } from './support/tour.ts';

const journey = startJourney();

const HARD = '--hard=requests.cpu=2,requests.memory=2Gi,limits.memory=4Gi,pods=6';
/** Milliseconds that the second exam has left when its server comes back. */
const LAST_MS = 6_000;

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

    const number = await goToTask(page, 'Limit what a team may use');
    await terminal.ready();
    await expect(terminal.toHost()).resolves.not.toBe(host);
    await expect(terminal.run(`kubectl create quota compute -n team-blue ${HARD}`)).resolves.toContain('created');
    // As in the real exam, nothing on the way says how it stands.
    await expect(page.getByRole('button', { name: /^(Check|Hint|Show solution)$/ }).count()).resolves.toBe(0);

    const submit = bar.getByRole('button', { name: 'End exam' });
    const question = page.getByRole('alertdialog', { name: 'End the exam?' });
    await submit.click();
    if (number < total) await question.getByText(/^Not opened yet: tasks? /).waitFor();
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
    const quota = results.filter({ hasText: 'Limit what a team may use' });
    await expect(quota.locator('summary').innerText()).resolves.toMatch(/Failed · 5 \/ 11/);
    const check = quota.getByRole('listitem').filter({ hasText: 'ResourceQuota compute in team-blue' });
    await expect(check.innerText()).resolves.toMatch(/Passed · 3 \/ 3/);

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
