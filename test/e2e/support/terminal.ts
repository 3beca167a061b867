/** A learner at the terminal of a page: types, and reads what the screen shows. */
import type { Locator, Page } from 'playwright-core';

/** The terminal that is shown: others may lie behind it. */
const CONNECTED = '[data-terminal=connected]:visible';
/** How a screen ends whose shell waits for a command; the lines below the last one are blank. */
const PROMPT = /\$\s*$/;

export class LearnerTerminal {
  readonly #page: Page;
  readonly #rows: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.#rows = page.locator(`${CONNECTED} .xterm-rows`);
  }

  /** Waits until a shell shows its prompt. */
  async ready(): Promise<void> {
    await this.#showing(PROMPT);
  }

  /** The lines of the screen, without the blank ones below. */
  async screen(): Promise<string> {
    const rows = await this.#page.locator('[data-terminal]:visible .xterm-rows > div').allTextContents();
    return rows
      .map((row) => row.replaceAll('\u00a0', ' ').trimEnd())
      .join('\n')
      .trimEnd();
  }

  /** Types a command and waits until the prompt is back; a here-document goes line by line. Returns the screen. */
  async run(command: string): Promise<string> {
    await this.#page.locator(`${CONNECTED} textarea`).focus();
    for (const line of command.split('\n')) {
      await this.type(line);
      await this.#page.keyboard.press('Enter');
    }
    // The last line typed is no prompt, so this one is new.
    await this.#showing(PROMPT);
    return this.screen();
  }

  /** Goes from the exam's `base` to the host that the task names. */
  async toHost(): Promise<string> {
    // Also where a narrow page shows the terminal and not the task.
    const command = (await this.#page.locator('dl [role=button]').filter({ hasText: /^ssh / }).textContent()) ?? '';
    await this.run(command);
    const host = command.replace(/^ssh /, '');
    await this.shows(`candidate@${host}:~$`);
    return host;
  }

  /** Types without Enter where the focus is, and waits until the shell has shown it. */
  async type(text: string): Promise<void> {
    await this.#page.keyboard.type(text);
    await this.#showing(new RegExp(`${wrapped(text)}\\s*$`));
  }

  /** Waits until the screen shows the text. */
  async shows(text: string): Promise<void> {
    await this.#showing(new RegExp(wrapped(text)));
  }

  async #showing(text: RegExp): Promise<void> {
    try {
      await this.#rows.filter({ hasText: text }).waitFor();
    } catch (error) {
      throw new Error(`the terminal does not show ${String(text)}; it shows:\n${await this.screen()}`, {
        cause: error,
      });
    }
  }
}

/** A pattern for the text wherever the screen's width broke it. */
function wrapped(text: string): string {
  return Array.from(text.replaceAll(/\s+/g, ''), (character) => RegExp.escape(character)).join('\\s*');
}
