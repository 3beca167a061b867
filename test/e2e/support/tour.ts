/** All pages a learner sees, in the states that matter, one after the other. */
import type { Page } from 'playwright-core';
import { LearnerTerminal } from './terminal.ts';

/** Milliseconds in which an exam must be graded, on a machine that is busy with others. */
export const GRADING_MS = 90_000;

/** In the order in which they are visited. */
export type Stop =
  | 'list'
  | 'task'
  | 'task-failed'
  | 'exam-about'
  | 'exam'
  | 'exam-notes'
  | 'exam-submit'
  | 'result'
  | 'replay'
  | 'progress';

const WRONG = 'kubectl create quota compute --hard=requests.cpu=2,requests.memory=2Gi,limits.memory=4Gi,pods=6';

/** Walks through the pages of a signed-in browser, whatever its language and width, and calls `look` at each. */
export async function visitAll(page: Page, origin: string, look: (stop: Stop) => Promise<void>): Promise<void> {
  const terminal = new LearnerTerminal(page);
  const narrow = (page.viewportSize()?.width ?? 0) < 768;
  const show = async (view: 'task' | 'terminal'): Promise<void> => {
    if (narrow)
      await page
        .locator('.workbench [role=group] button')
        .nth(view === 'task' ? 0 : 1)
        .click();
  };
  await page.goto(origin);
  await page.locator('table').waitFor();
  await look('list');

  await page.goto(`${origin}/practice/cka-core/team-quota`);
  await show('terminal');
  await terminal.ready();
  await show('task');
  await look('task');
  await show('terminal');
  await terminal.run(WRONG);
  await terminal.run('kubectl get quota -n team-blue');
  await terminal.run('kubectl get pods -n team-blue');
  await show('task');
  // The one button of the accent's colour under the task: its word differs by language.
  await page.locator('.workbench .bg-accent').first().click();
  await page.locator('#checks dl').first().waitFor();
  await look('task-failed');

  await page.goto(`${origin}/exam`);
  await look('exam-about');
  await page.locator('main button').first().click();
  await page.waitForURL(/\/exam\/\w+/);
  await show('terminal');
  await terminal.ready();
  // The text stays drawn on a narrow page, behind the terminal.
  await terminal.toHost();
  await terminal.run('kubectl get nodes');
  await show('task');
  await look('exam');
  await page.locator('[aria-expanded] .lucide-notebook-pen').click();
  await page.locator('textarea[maxlength]').fill('2: PVC\n5: 나중에');
  await look('exam-notes');
  await page.locator('header .bg-accent').click();
  await page.locator('[role=alertdialog]').waitFor();
  await look('exam-submit');
  await page.locator('[role=alertdialog] .bg-accent').click();
  await page.locator('details').first().waitFor({ timeout: GRADING_MS });
  await look('result');
  await page.locator('a[href*="/replay"]').first().click();
  await page.waitForURL(/\/replay/);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.locator('main [role=status]').waitFor({ state: 'detached' });
  await look('replay');

  await page.goto(`${origin}/progress`);
  await look('progress');
}
