/** A candidate in the exam: starts it and finds a task by its title, whatever the exam asks today. */
import type { Locator, Page } from 'playwright-core';

export const questionsOf = (page: Page): Locator => page.getByRole('banner').getByRole('navigation').getByRole('link');

export async function startExam(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Exam' }).click();
  await page.getByRole('button', { name: 'Start the exam' }).click();
  await page.waitForURL(/\/exam\/\w+/);
  await page.getByText(/^Task 1 of \d+/).waitFor();
}

/** Opens the task of this title; returns its number. */
export async function goToTask(page: Page, title: string): Promise<number> {
  const total = await questionsOf(page).count();
  for (let number = 1; number <= total; number += 1) {
    await questionsOf(page)
      .nth(number - 1)
      .click();
    await page.getByText(new RegExp(`^Task ${number} of ${total}`)).waitFor();
    if ((await page.getByRole('heading', { level: 1 }).innerText()) === title) return number;
  }
  throw new Error(`no task of this exam is called ${title}`);
}
