/** No mouse: from the list through a task and its terminal to the verdict. */
import { expect, test } from '@jest/globals';
import { focusIsVisible } from './support/browser.ts';
import { questionsOf } from './support/exam.ts';
import { JOURNEY_MS, startJourney } from './support/journey.ts';
import { takesFocus, tabTo } from './support/keys.ts';
import { LearnerTerminal } from './support/terminal.ts';
import { GRADING_MS } from './support/tour.ts';

const journey = startJourney();

test(
  'list, task, terminal and out of it, check, hint, language: all by keys, with the focus in sight',
  async () => {
    const page = await journey.signedIn();
    const terminal = new LearnerTerminal(page);
    // What is still on its way would take the focus with it when it comes.
    await page.getByRole('table', { name: 'All tasks' }).waitFor();
    await page.waitForLoadState('networkidle');
    await page.keyboard.press('Tab');
    await takesFocus(page, page.getByRole('link', { name: 'Skip to content' }));
    await tabTo(page, page.getByRole('link', { name: 'Limit what a team may use' }).last());
    await page.keyboard.press('Enter');

    // The terminal has the keys as soon as it is there, and keeps Tab for itself.
    await terminal.ready();
    await terminal.type('kubectl get names');
    await page.keyboard.press('Tab');
    await terminal.shows('kubectl get namespaces');
    await page.keyboard.press('Enter');
    await terminal.shows('kube-node-lease');

    await page.keyboard.press('F6');
    await takesFocus(page, page.getByRole('region', { name: 'Task' }));
    await expect(focusIsVisible(page)).resolves.toBe(true);
    await tabTo(page, page.getByRole('button', { name: 'Check', exact: true }));
    await page.keyboard.press('Space');
    await page.getByText('1 of 7 checks passed').waitFor();
    await takesFocus(page, page.getByRole('button', { name: 'Check', exact: true }));
    await tabTo(page, page.getByRole('button', { name: 'Hint', exact: true }));
    await page.keyboard.press('Enter');
    await page.getByText('Hint 1', { exact: true }).waitFor();

    // A question can be left without an answer, and gives the focus back.
    await tabTo(page, page.getByRole('button', { name: 'Reset' }));
    await page.keyboard.press('Enter');
    await page.getByRole('alertdialog').waitFor();
    await takesFocus(page, page.getByRole('button', { name: 'Cancel' }));
    await page.keyboard.press('Escape');
    await page.getByRole('alertdialog').waitFor({ state: 'hidden' });
    await takesFocus(page, page.getByRole('button', { name: 'Reset' }));

    await tabTo(page, page.getByRole('button', { name: '한국어' }), 'Shift+Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '팀이 쓸 수 있는 자원 제한하기' }).waitFor();
    await page.keyboard.press('F6');
    await takesFocus(page, page.getByRole('textbox', { name: '터미널' }));
    await terminal.type('echo back');
    await page.keyboard.press('F6');
    await takesFocus(page, page.getByRole('region', { name: '과제' }));

    await tabTo(page, page.getByRole('button', { name: '테마' }), 'Shift+Tab');
    await page.keyboard.press('Enter');
    const reached = page.locator('[role=menuitemradio][data-highlighted]');
    await reached.waitFor();
    await page.keyboard.press('End');
    await reached.filter({ hasText: '어둡게' }).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('html[data-theme=dark]').waitFor();

    // The border between task and terminal moves by arrows.
    const border = page.getByRole('separator');
    await tabTo(page, border);
    const width = await border.getAttribute('aria-valuenow');
    await page.keyboard.press('ArrowLeft');
    await expect(border.getAttribute('aria-valuenow')).resolves.not.toBe(width);
  },
  JOURNEY_MS,
);

test(
  'a whole exam by keys: start, host, flag, notes, layout, next, end, result, replay',
  async () => {
    const page = await journey.signedIn();
    const terminal = new LearnerTerminal(page);
    await tabTo(page, page.getByRole('link', { name: 'Exam', exact: true }));
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/exam$/);
    await page.getByRole('heading', { name: 'Timed exam', level: 1 }).waitFor();
    await tabTo(page, page.getByRole('button', { name: 'Start the exam' }));
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/exam\/\w+/);

    // The shell has the keys: to the host by what the task says.
    await terminal.ready();
    await takesFocus(page, page.getByRole('textbox', { name: 'Terminal' }));
    await terminal.toHost();
    await terminal.run('kubectl get nodes');
    await page.keyboard.press('Control+Shift+F');
    await takesFocus(page, page.getByRole('textbox', { name: 'Search' }));
    await page.keyboard.type('controlplane');
    await page.keyboard.press('Escape');
    await takesFocus(page, page.getByRole('textbox', { name: 'Terminal' }));

    await page.keyboard.press('F6');
    await takesFocus(page, page.getByRole('region', { name: 'Task' }));
    await tabTo(page, page.getByRole('button', { name: /^Copy ssh/ }));
    await tabTo(page, page.getByRole('button', { name: 'Flag' }));
    await page.keyboard.press('Space');
    await questionsOf(page).first().and(page.getByLabel('Task 1, flagged')).waitFor();
    await tabTo(page, page.getByRole('button', { name: 'Notes' }));
    await page.keyboard.press('Enter');
    await takesFocus(page, page.getByRole('textbox', { name: 'Notes' }));
    await page.keyboard.type('come back to 1');
    await page.getByText('Saved', { exact: true }).waitFor();
    await tabTo(page, page.getByRole('button', { name: 'Allowed documentation' }));
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Kubernetes Documentation' }).waitFor();
    await page.keyboard.press('Escape');
    await tabTo(page, page.getByRole('button', { name: 'Terminal below the task' }));
    await page.keyboard.press('Enter');
    await page.locator('[role=separator][aria-orientation=horizontal]').waitFor();
    await terminal.shows('controlplane');

    await tabTo(page, page.getByRole('link', { name: 'Next' }), 'Shift+Tab');
    await page.keyboard.press('Enter');
    await page.getByText(/^Task 2 of /).waitFor();
    await terminal.ready();
    await expect(page.getByRole('button', { name: 'Task and terminal side by side' }).count()).resolves.toBe(1);
    await page.keyboard.press('F6');
    await tabTo(page, page.getByRole('button', { name: 'End exam' }), 'Shift+Tab');
    await page.keyboard.press('Enter');
    const question = page.getByRole('alertdialog', { name: 'End the exam?' });
    await question.getByText('Still flagged: task 1.').waitFor();
    await takesFocus(page, question.getByRole('button', { name: 'Cancel' }));
    await tabTo(page, question.getByRole('button', { name: 'End exam' }));
    await page.keyboard.press('Enter');

    await page.getByRole('heading', { name: 'Exam result' }).waitFor({ timeout: GRADING_MS });
    await page.getByText('come back to 1').waitFor();
    await tabTo(page, page.getByRole('link', { name: 'CSV' }));
    await tabTo(page, page.locator('summary').first());
    await tabTo(page, page.getByRole('link', { name: 'Replay the terminal' }).first());
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Replay · Task 1' }).waitFor();
    const replay = page.getByRole('region', { name: 'Recording of a terminal' });
    await replay.waitFor();
    await tabTo(page, replay.getByRole('slider', { name: 'Position' }));
    await page.keyboard.press('End');
    await replay.getByText('controlplane').first().waitFor({ state: 'attached' });
  },
  JOURNEY_MS,
);
