/** No mouse: from the list through a task and its terminal to the verdict. */
import { expect, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { focusIsVisible } from './support/browser.ts';
import { JOURNEY_MS, startJourney } from './support/journey.ts';
import { LearnerTerminal } from './support/terminal.ts';

const journey = startJourney();
/** More presses than any page has stops. */
const MOST_STOPS = 60;

test(
  'list, task, terminal and out of it, check, hint, language: all by keys, with the focus in sight',
  async () => {
    const page = await journey.signedIn();
    const terminal = new LearnerTerminal(page);
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

/** Goes on until the element has the focus; every stop on the way must show that it has it. */
async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    await page.keyboard.press(key);
    const visible = await focusIsVisible(page);
    if (!visible) {
      const where = await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200));
      throw new Error(`the focus cannot be seen on ${String(where)}`);
    }
    if (await focused(page, target)) return;
  }
  throw new Error(`${MOST_STOPS} presses of ${key} do not lead to ${String(target)}`);
}

async function takesFocus(page: Page, target: Locator): Promise<void> {
  await target.and(page.locator(':focus')).waitFor({ state: 'attached' });
}

async function focused(page: Page, target: Locator): Promise<boolean> {
  return (await target.and(page.locator(':focus')).count()) === 1;
}
