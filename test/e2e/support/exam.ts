/** A candidate in the exam, whatever it asks today. */
import type { Locator, Page } from 'playwright-core';

export const questionsOf = (page: Page): Locator => page.getByRole('banner').getByRole('navigation').getByRole('link');

export async function startExam(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Exam' }).click();
  await page.getByRole('button', { name: 'Start the exam' }).click();
  await page.waitForURL(/\/exam\/\w+/);
  await page.getByText(/^Task 1 of \d+/).waitFor();
}
