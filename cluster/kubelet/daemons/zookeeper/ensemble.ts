/** A member of an ensemble: finds the others, agrees with them, serves clients. */
import { resolveNow } from '../../commands/resolve.ts';
import type { Box, Server } from '../../shell/box.ts';
import { store, textOf } from '../serve.ts';
import { run, type Kept } from './commands.ts';
import { fourLetters, type Member } from './four-letter-words.ts';
import type { Settings } from './settings.ts';
import { EMPTY, type Data } from './tree.ts';

const lines =
  (answer: (line: string) => string): Server =>
  () => {
    let held = '';
    return {
      closed: false,
      say(bytes: string): string {
        held += bytes;
        let out = '';
        for (let end = held.indexOf('\n'); end !== -1; end = held.indexOf('\n')) {
          const line = held.slice(0, end);
          held = held.slice(end + 1);
          if (line.startsWith('{')) out += answer(line);
        }
        return out;
      },
    };
  };

/** One member. */
export class ZooKeeper implements Member, Kept {
  readonly #box: Box;
  readonly settings: Settings;
  readonly id: number;
  data: Data;

  constructor(box: Box, settings: Settings, id: number) {
    this.#box = box;
    this.settings = settings;
    this.id = id;
    this.data = this.#read();
  }
  now(): number {
    return this.#box.now();
  }
  get #path(): string {
    return `${this.settings.folder}/version-2/log.1`;
  }
  #read(): Data {
    const text = textOf(this.#box, this.#path);
    return text === undefined ? EMPTY : (JSON.parse(text) as Data);
  }
  #keep(data: Data): void {
    this.data = data;
    store(this.#box, this.#path, JSON.stringify(data));
  }

  /** Says something to another member, by its port for members; undefined: it is not there. */
  #ask(host: string, port: number, words: unknown): string | undefined {
    const found = resolveNow(this.#box, host);
    const dialled = found.kind === 'found' ? this.#box.network.dial(found.addresses[0] ?? '', port) : undefined;
    if (dialled?.kind !== 'open') return undefined;
    const said = dialled.peer.say(`${JSON.stringify(words)}\n`);
    return said === '' ? undefined : said;
  }
  get #others() {
    return this.settings.servers.filter(({ id }) => id !== this.id);
  }
  /** Members that answer, this one among them, with how far each is. */
  members(): { id: number; transaction: number; own: boolean }[] {
    const rest = this.#others.flatMap(({ host, peer }) => {
      const said = this.#ask(host, peer, { ask: 'where' });
      return said === undefined ? [] : [JSON.parse(said) as { id: number; transaction: number }];
    });
    return [
      { id: this.id, transaction: this.data.transaction, own: true },
      ...rest.map((one) => ({ ...one, own: false })),
    ];
  }
  get hasQuorum(): boolean {
    const { servers } = this.settings;
    return servers.length < 2 || this.members().length > servers.length / 2;
  }
  /** The member that knows most leads; of those the one with the highest number. */
  role(): 'leader' | 'follower' | 'standalone' {
    if (this.settings.servers.length < 2) return 'standalone';
    const [first] = this.members().toSorted((a, b) => b.id - a.id);
    return first?.own === true ? 'leader' : 'follower';
  }
  /** Takes what another member knows and this one does not. */
  catchUp(): void {
    for (const { host, peer } of this.#others) {
      const said = this.#ask(host, peer, { ask: 'all' });
      if (said === undefined) continue;
      const data = JSON.parse(said) as Data;
      if (data.transaction > this.data.transaction) this.#keep(data);
    }
  }
  change(nodes: Data['nodes']): void {
    const data = { nodes, transaction: this.data.transaction + 1 };
    this.#keep(data);
    for (const { host, peer } of this.#others) this.#ask(host, peer, { take: data });
  }

  /** Among members. */
  peers(): Server {
    return lines((line) => {
      const asked = JSON.parse(line) as { ask?: string; take?: Data };
      if (asked.take && asked.take.transaction > this.data.transaction) this.#keep(asked.take);
      return JSON.stringify(asked.ask === 'all' ? this.data : { id: this.id, transaction: this.data.transaction });
    });
  }
  /** For clients: JSON of our own, and the four-letter words. */
  clients(): Server {
    return (from) => {
      let held = '';
      const peer = {
        closed: false,
        say: (bytes: string): string => {
          held += bytes;
          const word = /^(ruok|stat|srvr|mntr|conf|imok|isro|envi|cons|dump|wchs)\s*$/.exec(held)?.[1];
          if (word !== undefined) {
            peer.closed = true;
            return fourLetters(this, word, from);
          }
          let out = '';
          for (let end = held.indexOf('\n'); end !== -1; end = held.indexOf('\n')) {
            const line = held.slice(0, end);
            held = held.slice(end + 1);
            if (line.startsWith('[')) out += `${JSON.stringify(run(this, JSON.parse(line) as string[]))}\n`;
          }
          return out;
        },
      };
      return peer;
    };
  }
}
