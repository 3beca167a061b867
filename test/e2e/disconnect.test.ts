/** A connection that is lost and comes back, and two tabs on one shell. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { JOURNEY_MS, startJourney } from './support/journey.ts';
import { LearnerTerminal } from './support/terminal.ts';
import { layWire, type Wire } from './support/wire.ts';

const journey = startJourney();
const TASK = '/practice/cka-core/team-quota';
let wire: Wire;
beforeAll(async () => {
  wire = await layWire(journey.trainer.port);
});
afterAll(() => wire.close());

test(
  'a lost connection is said, nothing typed meanwhile goes astray, and the screen comes back as it is by then',
  async () => {
    journey.complaints.expect(/ERR_EMPTY_RESPONSE|ERR_CONNECTION|WebSocket connection to|Failed to (fetch|load)/);
    const near = await journey.signedIn();
    const far = await near.context().newPage();
    await far.goto(`${wire.origin}${TASK}`);
    const farTerminal = new LearnerTerminal(far);
    await farTerminal.ready();
    await farTerminal.run('echo before');
    const check = far.getByRole('button', { name: 'Check', exact: true });

    wire.cut();
    await far.getByText('Disconnected. Trying again').waitFor();
    await far.locator('[data-terminal=disconnected]').waitFor();
    await expect(farTerminal.screen()).resolves.toMatch(/^before$/m);
    await far.locator('[data-terminal] textarea').focus();
    await far.keyboard.type('echo astray');
    await far.keyboard.press('Enter');
    await check.click();
    await far.getByText('Drydock does not answer.').waitFor();

    await near.goto(`${journey.trainer.origin}${TASK}`);
    const nearTerminal = new LearnerTerminal(near);
    await nearTerminal.ready();
    await expect(nearTerminal.run('echo meanwhile')).resolves.toMatch(/^before$/m);

    wire.mend();
    await far.locator('[data-terminal=connected]').waitFor();
    await far.getByText('Connected', { exact: true }).waitFor();
    await farTerminal.shows('meanwhile');
    await expect(farTerminal.screen()).resolves.not.toContain('astray');
    // The other page leads by now: this one says so, and what was typed into nothing is kept until it is settled.
    const missed = far.getByRole('alert').filter({ hasText: 'This may not have reached the shell: echo astray⏎' });
    await missed.waitFor();
    await far.getByRole('button', { name: 'Type here' }).click();
    await missed.getByRole('button', { name: 'Discard' }).click();
    await missed.waitFor({ state: 'hidden' });
    await expect(farTerminal.run('echo after')).resolves.toMatch(/^before$[^]*^meanwhile$[^]*^after$/m);
    await check.click();
    await far.getByText('1 of 7 checks passed').waitFor();
    await far.getByText('Drydock does not answer.').waitFor({ state: 'hidden' });
  },
  JOURNEY_MS,
);

test(
  'a server that is stopped and started again: the open page goes on with a new shell',
  async () => {
    journey.complaints.expect(/ERR_EMPTY_RESPONSE|ERR_CONNECTION|WebSocket connection to|Failed to (fetch|load)/);
    const page = await journey.signedIn();
    await page.goto(`${journey.trainer.origin}${TASK}`);
    const terminal = new LearnerTerminal(page);
    await terminal.ready();
    await terminal.run('kubectl create namespace kept');
    await journey.restart(async () => {
      await page.getByText('Disconnected. Trying again').waitFor();
    });
    await page.locator('[data-terminal=connected]').waitFor();
    await terminal.ready();
    await expect(terminal.run('kubectl get namespace kept')).resolves.toMatch(/^kept +Active/m);
  },
  JOURNEY_MS,
);

test(
  'two tabs on one session: both show the same shell, one types, and the other takes over by a click',
  async () => {
    const first = await journey.signedIn({ viewport: { width: 1440, height: 900 } });
    await first.goto(`${journey.trainer.origin}${TASK}`);
    const second = await first.context().newPage();
    await second.setViewportSize({ width: 1100, height: 700 });
    await second.goto(`${journey.trainer.origin}${TASK}`);
    const [one, two] = [new LearnerTerminal(first), new LearnerTerminal(second)];
    await one.ready();
    await two.ready();
    // The newer page types; in the other nothing arrives until it takes over.
    await first.getByText('Another page types in this terminal.').waitFor();
    await first.locator('[data-terminal] textarea').focus();
    await first.keyboard.type('lost');
    await first.getByRole('button', { name: 'Type here' }).click();
    await second.getByText('Another page types in this terminal.').waitFor();
    await one.run('clear');
    await one.run('echo from the first');
    await two.shows('$ echo from the first');
    await expect(two.screen()).resolves.not.toContain('lost');
    await takeOver(second);
    await two.run('echo from the second');
    await one.shows('$ echo from the second');
    // Who types has the size that fits their window, and the other keeps that size.
    await two.run('echo width $COLUMNS');
    const narrow = Number(/^width (\d+)$/m.exec(await two.screen())?.[1]);
    await takeOver(first);
    await one.run('clear');
    await one.run('echo width $COLUMNS');
    const wide = Number(/^width (\d+)$/m.exec(await one.screen())?.[1]);
    expect(narrow).toBeGreaterThan(20);
    expect(wide).toBeGreaterThan(narrow);
    await second.close();
    await expect(one.run('echo alone')).resolves.toMatch(/^alone$/m);
  },
  JOURNEY_MS,
);

test(
  'terminals beside each other: a shell each, remembered over a reload, closed by their page',
  async () => {
    const page = await journey.signedIn();
    await page.goto(`${journey.trainer.origin}${TASK}`);
    const terminal = new LearnerTerminal(page);
    await terminal.ready();
    await terminal.run('mine=first; echo one > shared');
    await page.getByRole('button', { name: 'New terminal' }).click();
    await page.getByRole('button', { name: 'Terminal 2', exact: true, pressed: true }).waitFor();
    await terminal.ready();
    await expect(terminal.run('cat shared; echo "[$mine]"')).resolves.toMatch(/^one\n\[\]$/m);
    await page.keyboard.press('Control+Shift+ArrowLeft');
    await terminal.shows('mine=first');
    await expect(terminal.run('echo "[$mine]"')).resolves.toMatch(/^\[first\]$/m);
    await page.getByRole('button', { name: 'Terminal 2', exact: true }).click();
    await page.reload();
    await page.getByRole('button', { name: 'Terminal 2', exact: true, pressed: true }).waitFor();
    await terminal.shows('[]');
    await page.getByRole('button', { name: 'Close terminal 2' }).click();
    await page.getByRole('button', { name: 'Terminal 2', exact: true }).waitFor({ state: 'detached' });
    await terminal.shows('[first]');
    await expect(terminal.run('echo still $mine')).resolves.toMatch(/^still first$/m);
  },
  JOURNEY_MS,
);

async function takeOver(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Type here' }).click();
  await page.getByText('Another page types in this terminal.').waitFor({ state: 'hidden' });
}
