/**
 * Pictures of all pages: `node_modules/.bin/node test/e2e/screenshots.ts [FOLDER]` after `next build`.
 * Both languages, light and dark, wide and narrow go into FOLDER (default: a temporary one, printed);
 * the two that the README shows go into docs/screenshots.
 */
import { copyFileSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type BrowserContextOptions } from 'playwright-core';
import { Complaints, launch, newContext } from './support/browser.ts';
import { type Stop, visitAll } from './support/tour.ts';
import { makeFolders, startTrainer } from './support/trainer.ts';

const README = path.join(import.meta.dirname, '../../docs/screenshots');
const PICKED: Record<string, string> = {
  'task-failed-en-light-1440.png': 'task-en.png',
  'list-ko-light-1440.png': 'list-ko.png',
};
const LOOKS = (['en', 'ko'] as const).flatMap((language) =>
  (['light', 'dark'] as const).flatMap((colorScheme) => [1440, 390].map((width) => ({ language, colorScheme, width }))),
);

const target = process.argv[2] ?? mkdtempSync(path.join(tmpdir(), 'drydock-screenshots-'));
mkdirSync(target, { recursive: true });
mkdirSync(README, { recursive: true });
const browser = await launch();
try {
  for (const look of LOOKS) await tour(look);
} finally {
  await browser.close();
}
for (const [name, copy] of Object.entries(PICKED)) copyFileSync(path.join(target, name), path.join(README, copy));
process.stdout.write(`${target}\n`);

/** One learner who is new here, so that all looks show the same. */
async function tour({ language, colorScheme, width }: (typeof LOOKS)[number]): Promise<void> {
  const folders = makeFolders();
  const trainer = await startTrainer(folders);
  const complaints = new Complaints();
  try {
    const options: BrowserContextOptions = {
      locale: language === 'ko' ? 'ko-KR' : 'en-GB',
      colorScheme,
      viewport: { width, height: width < 768 ? 844 : 900 },
    };
    const context = await newContext(browser, complaints, options);
    const page = await context.newPage();
    await page.goto(trainer.url);
    await visitAll(page, trainer.origin, async (stop: Stop) => {
      await page.evaluate(() => document.fonts.ready);
      const file = path.join(target, `${stop}-${language}-${colorScheme}-${width}.png`);
      // Pages that are read are shown whole; those worked in fill the window anyway.
      await page.screenshot({ path: file, fullPage: stop === 'result' || stop === 'list' || stop === 'progress' });
    });
    await context.close();
  } finally {
    await trainer.stop();
    folders.remove();
  }
}
