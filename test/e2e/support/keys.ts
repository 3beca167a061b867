/** A person without a mouse. */
import type { Locator, Page } from 'playwright-core';
import { focusIsVisible } from './browser.ts';

/** More presses than any page has stops. */
const MOST_STOPS = 150;

/** Goes on until the element has the focus; every stop on the way must show that it has it. */
export async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
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

export async function takesFocus(page: Page, target: Locator): Promise<void> {
  await target.and(page.locator(':focus')).waitFor({ state: 'attached' });
}

async function focused(page: Page, target: Locator): Promise<boolean> {
  return (await target.and(page.locator(':focus')).count()) === 1;
}
