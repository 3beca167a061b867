/**
 * How long a shell script runs, how it ends and which files it makes: a reader of scripts as they are written into pods
 * (sleep, loops that wait, touch and rm, exit), not a shell.
 */

/** A file that appears or goes, in milliseconds after the start. */
export interface FileChange {
  path: string;
  atMs: number;
  exists: boolean;
  /** What was written, where that can be told. */
  text?: string;
}

export interface ScriptRun {
  /** Infinity: it does not end by itself. */
  ms: number;
  exitCode: number;
  files: FileChange[];
  /** What it printed and where: as far as echo goes. */
  output: string;
  /** It waits for something outside, and may go on when that changes. */
  waits: boolean;
}

export interface ScriptWorld {
  /** What a program other than the shell's own does when called. */
  run(argv: readonly string[]): { ms: number; exitCode: number } | undefined;
  /** A name of a Service or host that can be looked up. */
  resolves(host: string): boolean;
  /** Whether files may be made there. Default: everywhere. */
  writable?(path: string): boolean;
}

/** Rounds after which a loop counts as endless. */
const MAX_ROUNDS = 40;

type Token = { word: string } | { operator: string };
const OPERATORS = ['&&', '||', ';;', ';', '|', '&', '\n', '(', ')'];

function tokenize(script: string): Token[] {
  const tokens: Token[] = [];
  let word: string | undefined;
  const end = () => {
    if (word !== undefined) tokens.push({ word });
    word = undefined;
  };
  for (let at = 0; at < script.length; at++) {
    const char = script.charAt(at);
    if (char === '\\') {
      at++;
      if (script.charAt(at) !== '\n') word = (word ?? '') + script.charAt(at);
    } else if (char === "'" || char === '"') {
      const close = script.indexOf(char, at + 1);
      const stop = close === -1 ? script.length : close;
      word = (word ?? '') + script.slice(at + 1, stop);
      at = stop;
    } else if (char === '$' && script.charAt(at + 1) === '(') {
      const stop = closing(script, at + 1);
      word = (word ?? '') + script.slice(at, stop + 1);
      at = stop;
    } else if (char === '#' && word === undefined) {
      const stop = script.indexOf('\n', at);
      at = (stop === -1 ? script.length : stop) - 1;
    } else if (char === '>' && script.charAt(at + 1) === '&') {
      at += 2;
      if (/^\d$/.test(word ?? '')) word = undefined;
    } else if (char === '>' || char === '<') {
      if (/^\d$/.test(word ?? '')) word = undefined;
      end();
      const double = script.charAt(at + 1) === char;
      tokens.push({ operator: double ? char + char : char });
      if (double) at++;
    } else {
      const operator = OPERATORS.find((one) => script.startsWith(one, at));
      if (operator !== undefined) {
        end();
        tokens.push({ operator });
        at += operator.length - 1;
      } else if (/\s/.test(char)) end();
      else word = (word ?? '') + char;
    }
  }
  end();
  return tokens;
}

function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text.charAt(at) === '(') depth++;
    if (text.charAt(at) === ')' && --depth === 0) return at;
  }
  return text.length;
}

class Reader {
  readonly #tokens: readonly Token[];
  readonly #world: ScriptWorld;
  #at = 0;
  /** False while a branch is read that is not taken. */
  #live = true;
  #ended = false;
  #broke = false;
  readonly run: ScriptRun = { ms: 0, exitCode: 0, files: [], output: '', waits: false };

  constructor(tokens: readonly Token[], world: ScriptWorld) {
    this.#tokens = tokens;
    this.#world = world;
  }

  #word(): string | undefined {
    const token = this.#tokens[this.#at];
    return token !== undefined && 'word' in token ? token.word : undefined;
  }
  #operator(): string | undefined {
    const token = this.#tokens[this.#at];
    return token !== undefined && 'operator' in token ? token.operator : undefined;
  }
  get #acts(): boolean {
    return this.#live && !this.#ended && !this.#broke && this.run.ms !== Infinity;
  }
  #skipping(read: () => void, skip: boolean): void {
    const before = this.#live;
    this.#live = before && !skip;
    read();
    this.#live = before;
  }

  /** Commands up to one of the words, which is passed over. Returns the word found. */
  list(until: readonly string[]): string {
    for (;;) {
      const operator = this.#operator();
      if (this.#at >= this.#tokens.length) return '';
      if (operator === ')' && until.includes(')')) return this.#take(')');
      const word = this.#word();
      if (word !== undefined && until.includes(word)) return this.#take(word);
      if (operator === '&&' || operator === '||') {
        this.#at++;
        const skip = (operator === '&&') !== (this.run.exitCode === 0);
        this.#skipping(() => this.#command(), skip);
      } else if (operator !== undefined && operator !== '(') this.#at++;
      else this.#command();
    }
  }
  #take(word: string): string {
    this.#at++;
    return word;
  }

  #command(): void {
    while (this.#operator() === '\n') this.#at++;
    const word = this.#word();
    if (this.#operator() === '(') {
      this.#at++;
      this.list([')']);
    } else if (word === '{') {
      this.#at++;
      this.list(['}']);
    } else if (word === 'while' || word === 'until') this.#loop(word);
    else if (word === 'for') this.#for();
    else if (word === 'if') this.#if();
    else this.#simple();
  }

  #loop(kind: string): void {
    this.#at++;
    const start = this.#at;
    let done = this.#at;
    const acted = this.#acts;
    for (let round = 0; ; round++) {
      this.#at = start;
      this.list(['do']);
      const stop = (this.run.exitCode === 0) === (kind === 'until') || !this.#acts;
      this.#skipping(() => this.list(['done']), stop);
      done = this.#at;
      if (stop || this.#broke || this.#ended) break;
      if (round >= MAX_ROUNDS) this.run.ms = Infinity;
    }
    this.#at = done;
    this.#broke = false;
    if (acted && this.run.ms !== Infinity && !this.#ended) this.run.exitCode = 0;
  }

  #for(): void {
    this.#at += 2;
    const words: string[] = [];
    let endless = false;
    while (this.#at < this.#tokens.length && this.#word() !== 'do') {
      const word = this.#word();
      if (this.#operator() === '(') endless = true;
      else if (word !== undefined && word !== 'in') words.push(...expand(word));
      this.#at++;
    }
    this.#at++;
    const start = this.#at;
    const rounds = endless ? MAX_ROUNDS + 1 : words.length;
    if (rounds === 0) this.#skipping(() => this.list(['done']), true);
    for (let round = 0; round < rounds; round++) {
      this.#at = start;
      this.list(['done']);
    }
    if (endless && this.#acts) this.run.ms = Infinity;
    this.#broke = false;
  }

  #if(): void {
    this.#at++;
    let taken = false;
    this.list(['then']);
    for (;;) {
      const here: boolean = !taken && this.run.exitCode === 0;
      taken ||= here;
      let end = '';
      this.#skipping(() => (end = this.list(['elif', 'else', 'fi'])), !here);
      if (end === 'elif') this.#skipping(() => this.list(['then']), taken);
      else if (end === 'else') {
        this.#skipping(() => this.list(['fi']), taken);
        return;
      } else return;
    }
  }

  #simple(): void {
    const argv: string[] = [];
    const writes: string[] = [];
    for (; this.#at < this.#tokens.length; this.#at++) {
      const word = this.#word();
      const operator = this.#operator();
      if (word !== undefined) argv.push(word);
      else if (operator === '>' || operator === '>>' || operator === '<' || operator === '<<') {
        this.#at++;
        const target = this.#word();
        if (target !== undefined && operator.startsWith('>')) writes.push(target);
      } else break;
    }
    const background = this.#operator() === '&';
    if (!this.#acts) return;
    const text = argv[0] === 'echo' ? `${argv.slice(1).join(' ')}\n` : undefined;
    const refused = writes.some((path) => !this.#file(path, true, text));
    if (text !== undefined && writes.length === 0) this.run.output += text;
    if (refused) {
      this.run.exitCode = 1;
      return;
    }
    while (/^[A-Za-z_]\w*=/.test(argv[0] ?? '')) argv.shift();
    if (argv.length === 0 || background) this.run.exitCode = 0;
    else this.#execute(argv);
  }

  /** False where nothing may be written. */
  #file(path: string, exists: boolean, text?: string): boolean {
    if (path === '/dev/null' || path === '/dev/stdout' || path === '/dev/stderr') return true;
    if (this.#world.writable?.(path) === false) return false;
    this.run.files.push({ path, atMs: this.run.ms, exists, ...(text === undefined ? {} : { text }) });
    return true;
  }
  #exists = (path: string): boolean => this.run.files.findLast((file) => file.path === path)?.exists ?? false;

  #execute(argv: readonly string[]): void {
    const [program = '', ...args] = argv;
    const plain = args.filter((argument) => !argument.startsWith('-'));
    this.run.exitCode = 0;
    switch (program) {
      case 'exit':
        this.run.exitCode = Number.parseInt(args[0] ?? '0', 10) || 0;
        this.#ended = true;
        return;
      case 'break':
        this.#broke = true;
        return;
      case 'exec':
        if (args.length > 0) this.#execute(args);
        this.#ended = args.length > 0;
        return;
      case '!':
        this.#execute(args);
        this.run.exitCode = this.run.exitCode === 0 ? 1 : 0;
        return;
      case 'touch':
      case 'rm':
        for (const path of plain) if (!this.#file(path, program === 'touch')) this.run.exitCode = 1;
        return;
      case '[':
      case '[[':
      case 'test':
        this.run.exitCode = this.#test(args) ? 0 : 1;
        this.run.waits = true;
        return;
      case 'nslookup':
      case 'ping':
      case 'getent':
      case 'wget':
      case 'curl':
      case 'nc':
        this.#network(program, plain);
        return;
      default: {
        const outcome = this.#world.run(argv);
        this.run.exitCode = outcome?.exitCode ?? 127;
        this.run.ms += outcome?.ms ?? 0;
      }
    }
  }

  #test(args: readonly string[]): boolean {
    const [operator, path] = args;
    if (operator === '!') return !this.#test(args.slice(1));
    return (operator === '-f' || operator === '-e') && this.#exists(path ?? '');
  }

  #network(program: string, args: readonly string[]): void {
    if (program === 'nc' && args.length < 2) {
      this.run.ms = Infinity;
      return;
    }
    this.run.waits = true;
    const target = args.find((one) => !/^\d+$/.test(one) && one !== 'hosts') ?? '';
    const host = target.replace(/^https?:\/\//, '').replace(/[:/].*$/, '');
    if (!this.#world.resolves(host)) this.run.exitCode = 1;
  }
}

/** `{1..5}` and `$(seq 5)` as many words, anything else as one. */
function expand(word: string): string[] {
  const range = /^\{(\d+)\.\.(\d+)\}$/.exec(word) ?? /^\$\(seq (?:(\d+) )?(\d+)\)$/.exec(word);
  if (range === null) return [word];
  const from = Number(range[1] ?? '1');
  const count = Math.max(0, Math.min(Number(range[2]) - from + 1, MAX_ROUNDS));
  return Array.from({ length: count }, (_, step) => String(from + step));
}

export function readScript(script: string, world: ScriptWorld): ScriptRun {
  const reader = new Reader(tokenize(script), world);
  reader.list([]);
  return reader.run;
}
