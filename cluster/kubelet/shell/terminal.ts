/**
 * The line discipline of a terminal and a line editor on top: echo, backspace, arrows, history, Ctrl-C, Ctrl-D. What is
 * typed while a program reads goes to it line by line; what a program writes gets its carriage returns from TerminalSink.
 */
import type { Sink, Source, Wait } from './coroutine.ts';

/** A key that sends more than one letter: arrows, function keys, Alt with a letter. */
// oxlint-disable-next-line no-control-regex -- they all begin with Escape
const KEY = /^(?:\x1b\[[0-9;]*[A-Za-z~]|\x1bO[A-Z]|\x1b.)/;

/** Bytes of typed input kept while nobody reads. */
const TYPED = 64 * 1024;
const HISTORY = 500;

export class TerminalSink implements Sink {
  readonly #to: Sink;
  readonly isTerminal = true;
  constructor(to: Sink) {
    this.#to = to;
  }
  write(bytes: string): void {
    this.#to.write(bytes.replace(/\r?\n/g, '\r\n'));
  }
  get full(): boolean {
    return this.#to.full;
  }
  get broken(): boolean {
    return this.#to.broken;
  }
}

export class TerminalSource implements Source {
  readonly isTerminal = true;
  readonly #echo: Sink;
  #typed = '';
  #closed = false;
  /** Lines that were finished and not yet read by a program. */
  #ready = '';
  #ended = false;
  #interrupt = false;
  #history: string[] = [];
  prompt = '';
  /** Somebody edits a line: keys are for the editor. */
  #editing = false;
  #cooked = '';

  /** `echo`: the terminal's screen. */
  constructor(echo: Sink) {
    this.#echo = echo;
  }

  /** Keys from the other side. */
  type(bytes: string): void {
    if (this.#typed.length > TYPED) return;
    this.#typed += bytes;
    if (!this.#editing) this.#cook();
  }
  hangUp(): void {
    this.#closed = true;
  }
  /** Whether Ctrl-C was pressed since the last time somebody asked. */
  interrupted(): boolean {
    const was = this.#interrupt;
    this.#interrupt = false;
    return was;
  }
  /** Pressed, and not yet taken. */
  get interruptPending(): boolean {
    return this.#interrupt;
  }

  /** Keys while a program runs: echoed, and given to it line by line. */
  #cook(): void {
    const keys = this.#typed;
    this.#typed = '';
    for (let at = 0; at < keys.length; at++) {
      const key = keys.charAt(at);
      if (key === '\x03') {
        this.#interrupt = true;
        this.#cooked = '';
        this.#echo.write('^C\r\n');
        // what was typed after it is for whoever reads next
        this.#typed = keys.slice(at + 1);
        return;
      }
      if (key === '\x04') {
        if (this.#cooked === '') this.#ended = true;
        this.#ready += this.#cooked;
        this.#cooked = '';
      } else if (key === '\r' || key === '\n') {
        this.#ready += `${this.#cooked}\n`;
        this.#cooked = '';
        this.#echo.write('\r\n');
      } else if (key === '\x7f' || key === '\b') {
        if (this.#cooked === '') continue;
        this.#cooked = this.#cooked.slice(0, -1);
        this.#echo.write('\b \b');
      } else {
        this.#cooked += key;
        this.#echo.write(key);
      }
    }
  }
  take(): string {
    if (this.#typed !== '' && !this.#editing) this.#cook();
    const taken = this.#ready;
    this.#ready = '';
    return taken;
  }
  untake(bytes: string): void {
    this.#ready = bytes + this.#ready;
  }
  get ended(): boolean {
    if (this.#ready !== '') return false;
    if (this.#closed) return true;
    // one Ctrl-D ends one reader
    const was = this.#ended;
    this.#ended = false;
    return was;
  }

  /** A line with its prompt; undefined: Ctrl-D on an empty line, or the terminal is gone. */
  *editLine(): Generator<Wait, string | undefined, void> {
    this.#editing = true;
    this.#interrupt = false;
    this.#typed = this.#ready + this.#cooked + this.#typed;
    this.#ready = '';
    this.#cooked = '';
    let line = '';
    let cursor = 0;
    let held = '';
    let past = this.#history.length;
    const echo = (text: string) => this.#echo.write(text);
    const redraw = () =>
      echo(`\r${this.prompt}${line}\x1b[J${line.length > cursor ? `\x1b[${line.length - cursor}D` : ''}`);
    const recall = (to: number) => {
      if (to < 0 || to > this.#history.length) return;
      if (past === this.#history.length) held = line;
      past = to;
      line = this.#history[to] ?? held;
      cursor = line.length;
      redraw();
    };
    echo(this.prompt);
    try {
      for (;;) {
        while (this.#typed === '') {
          if (this.#closed) return undefined;
          yield { event: true };
        }
        const sequence = KEY.exec(this.#typed)?.[0];
        const key = sequence ?? this.#typed.charAt(0);
        this.#typed = this.#typed.slice(key.length);
        switch (key) {
          case '\r':
          case '\n':
            echo('\r\n');
            if (line.trim() !== '' && this.#history.at(-1) !== line) this.#history.push(line);
            if (this.#history.length > HISTORY) this.#history.shift();
            return line;
          case '\x03':
            echo('^C\r\n');
            line = '';
            cursor = 0;
            past = this.#history.length;
            echo(this.prompt);
            break;
          case '\x04':
            if (line === '') return undefined;
            line = line.slice(0, cursor) + line.slice(cursor + 1);
            redraw();
            break;
          case '\x7f':
          case '\b':
            if (cursor === 0) break;
            line = line.slice(0, cursor - 1) + line.slice(cursor);
            cursor--;
            if (cursor === line.length) echo('\b \b');
            else redraw();
            break;
          case '\x1b[A':
          case '\x1bOA':
          case '\x10':
            recall(past - 1);
            break;
          case '\x1b[B':
          case '\x1bOB':
          case '\x0e':
            recall(past + 1);
            break;
          case '\x1b[C':
          case '\x1bOC':
          case '\x06':
            if (cursor < line.length) {
              cursor++;
              echo('\x1b[C');
            }
            break;
          case '\x1b[D':
          case '\x1bOD':
          case '\x02':
            if (cursor > 0) {
              cursor--;
              echo('\x1b[D');
            }
            break;
          case '\x1b[H':
          case '\x1b[1~':
          case '\x01':
            cursor = 0;
            redraw();
            break;
          case '\x1b[F':
          case '\x1b[4~':
          case '\x05':
            cursor = line.length;
            redraw();
            break;
          case '\x1b[3~':
            line = line.slice(0, cursor) + line.slice(cursor + 1);
            redraw();
            break;
          case '\x15':
            line = line.slice(cursor);
            cursor = 0;
            redraw();
            break;
          case '\x0b':
            line = line.slice(0, cursor);
            redraw();
            break;
          case '\x17': {
            const kept = line.slice(0, cursor).replace(/\S*\s*$/, '');
            line = kept + line.slice(cursor);
            cursor = kept.length;
            redraw();
            break;
          }
          case '\x0c':
            echo('\x1b[H\x1b[J');
            redraw();
            break;
          default:
            if (key.length > 1 || (key < ' ' && key !== '\t')) break;
            line = line.slice(0, cursor) + key + line.slice(cursor);
            cursor++;
            if (cursor === line.length) echo(key);
            else redraw();
        }
      }
    } finally {
      this.#editing = false;
    }
  }
}
