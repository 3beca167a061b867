/** What every journey begins and ends with: a trainer, a browser, and nothing left of either. */
import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { Complaints, launch, newContext } from './browser.ts';
import { makeFolders, startTrainer, type Trainer, type TrainerFolders } from './trainer.ts';

/** Milliseconds for a journey as a whole, on a machine that is busy with others. */
export const JOURNEY_MS = 180_000;

export interface Journey {
  readonly trainer: Trainer;
  readonly folders: TrainerFolders;
  /** Everything a page says in its console as an error fails the test, unless expected here. */
  readonly complaints: Complaints;
  /** A new browser profile, not signed in. */
  context(options?: BrowserContextOptions): Promise<BrowserContext>;
  /** A new profile that has opened the link; its page shows the list. */
  signedIn(options?: BrowserContextOptions): Promise<Page>;
  /** The server stopped by Ctrl-C and started again on the same data and port. */
  restart(whileStopped?: () => Promise<void> | void): Promise<void>;
}

/** One trainer and one browser for the tests of a file; to be called once, at its top. */
export function startJourney(): Journey {
  const complaints = new Complaints();
  const folders = makeFolders();
  const contexts: BrowserContext[] = [];
  let trainer: Trainer | undefined;
  let browser: Browser | undefined;

  beforeAll(async () => {
    // One after the other: were the second to fail, the first is there to be closed.
    trainer = await startTrainer(folders);
    browser = await launch();
  }, JOURNEY_MS);
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
    expect(complaints.take()).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await trainer?.stop();
    folders.remove();
  }, JOURNEY_MS);

  const running = (): Trainer => {
    if (trainer === undefined) throw new Error('the trainer is started before the first test');
    return trainer;
  };
  const context = async (options?: BrowserContextOptions): Promise<BrowserContext> => {
    if (browser === undefined) throw new Error('the browser is started before the first test');
    const opened = await newContext(browser, complaints, options);
    contexts.push(opened);
    return opened;
  };
  return {
    get trainer() {
      return running();
    },
    folders,
    complaints,
    context,
    async signedIn(options) {
      const page = await (await context(options)).newPage();
      await page.goto(running().url);
      await page.waitForURL(`${running().origin}/`);
      return page;
    },
    async restart(whileStopped) {
      const { port } = running();
      await running().stop();
      await whileStopped?.();
      trainer = await startTrainer(folders, port);
    },
  };
}
