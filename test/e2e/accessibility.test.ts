/** The main pages in light and dark, wide and narrow: names, contrast, nothing wider than the window. */
import { expect, test } from '@jest/globals';
import { JOURNEY_MS, startJourney } from './support/journey.ts';
import { audit } from './support/page-audit.ts';
import { LearnerTerminal } from './support/terminal.ts';
import { visitAll } from './support/tour.ts';

const journey = startJourney();

test.each([
  { colorScheme: 'light', locale: 'en-GB', width: 1440, height: 900 },
  { colorScheme: 'dark', locale: 'ko-KR', width: 1440, height: 900 },
  { colorScheme: 'dark', locale: 'en-GB', width: 390, height: 844 },
  { colorScheme: 'light', locale: 'ko-KR', width: 390, height: 844 },
] as const)(
  'list, task, exam, result and progress: $colorScheme, $locale, $width wide',
  async ({ colorScheme, locale, width, height }) => {
    const page = await journey.signedIn({ colorScheme, locale, viewport: { width, height } });
    const problems: Record<string, string[]> = {};
    await visitAll(page, journey.trainer.origin, async (name) => {
      const found = await audit(page);
      if (found.length > 0) problems[name] = found;
    });
    expect(problems).toEqual({});
  },
  JOURNEY_MS,
);

test(
  'a terminal for screen readers says what the shell printed',
  async () => {
    const page = await journey.signedIn();
    await page.goto(`${journey.trainer.origin}/practice/cka-core/team-quota`);
    const terminal = new LearnerTerminal(page);
    await terminal.ready();
    await page.getByRole('button', { name: 'Screen reader mode' }).click();
    await terminal.run('echo said aloud');
    await page
      .getByRole('list')
      .getByRole('listitem')
      .filter({ hasText: /^said aloud/ })
      .waitFor({ state: 'attached' });
    await expect(page.getByRole('textbox', { name: 'Terminal' }).count()).resolves.toBe(1);
  },
  JOURNEY_MS,
);

test(
  'the audit itself sees what is wrong',
  async () => {
    const page = await (await journey.context()).newPage();
    await page.setContent(
      `<title>Wrong</title><h1>Wrong</h1><button></button><img src="data:,"><p style="color:#999">faint</p>
      <div style="background:#0c6470;color:#fff">white on accent</div><div style="width:3000px">wide</div>`,
    );
    const problems = await audit(page);
    expect(problems).toEqual([
      expect.stringContaining('an image without a name'),
      expect.stringContaining('a control without a name'),
      'no language',
      'a contrast of 2.85: faint',
      expect.stringMatching(/^the page is 30\d\d wide in a window of 1440$/),
    ]);
  },
  JOURNEY_MS,
);
