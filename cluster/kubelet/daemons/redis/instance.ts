/** A Redis server: answers commands, follows its leader, saves its keys in its folder. */
import { formatDate } from '../../commands/date.ts';
import { resolveNow } from '../../commands/resolve.ts';
import type { Context, Server } from '../../shell/box.ts';
import { store, textOf } from '../serve.ts';
import { administer, type Administered } from './administration.ts';
import { isWrite, run } from './commands.ts';
import { Keys, type Entry } from './keys.ts';
import { command, decode, encode, error, OK, splitWords, type Reply } from './protocol.ts';

const HEADER = 'REDIS0012\n';

/** One running server. */
export class RedisServer implements Administered {
  readonly #context: Pick<Context, 'box' | 'io'>;
  readonly settings: Map<string, string>;
  readonly version: string;
  keys: Keys;
  isFollowing = false;

  constructor(context: Pick<Context, 'box' | 'io'>, settings: Map<string, string>, version: string) {
    this.#context = context;
    this.settings = settings;
    this.version = version;
    this.keys = new Keys(() => context.box.now(), this.#saved());
  }
  setting(name: string): string {
    return this.settings.get(name) ?? '';
  }
  get #dump(): string {
    return `${this.setting('dir').replace(/\/$/, '')}/${this.setting('dbfilename')}`;
  }
  #saved(): [string, Entry][] {
    const text = textOf(this.#context.box, this.#dump);
    return text?.startsWith(HEADER) ? (JSON.parse(text.slice(HEADER.length)) as [string, Entry][]) : [];
  }
  /** Real servers save every so often and when they stop; here it is after each change, so that a copy of a cluster has the keys. */
  save(always = false): void {
    const asked = this.setting('save') !== '' || this.setting('appendonly') === 'yes';
    if (this.keys.changes === 0 || !(asked || always)) return;
    this.keys.changes = 0;
    store(this.#context.box, this.#dump, HEADER + JSON.stringify([...this.keys.entries]));
  }
  log(text: string, level = '*', role = this.setting('replicaof') === '' ? 'M' : 'S'): void {
    const { box, io } = this.#context;
    io.stdout.write(`1:${role} ${formatDate(box.now(), '%d %b %Y %H:%M:%S.000')} ${level} ${text}\n`);
  }
  now(): number {
    return this.#context.box.now();
  }
  stop(): void {
    this.#context.box.kill(1, 'TERM');
  }
  get port(): number {
    return Number(this.setting('port'));
  }

  /** A replica asks its leader for what is new; what it had stays when nobody answers. */
  follow(): boolean {
    const [host = '', port = '6379'] = this.setting('replicaof').split(/\s+/);
    if (host === '') return true;
    const { box } = this.#context;
    const found = resolveNow(box, host);
    const [address] = found.kind === 'found' ? found.addresses : [];
    const dialled = address === undefined ? undefined : box.network.dial(address, Number(port));
    const password = this.setting('masterauth');
    const asked = (password === '' ? '' : command(['AUTH', password])) + command(['SYNC']);
    const said = dialled?.kind === 'open' ? dialled.peer.say(asked) : '';
    const [, , sent] = /^((?:\+OK\r\n)?)\$\d+\r\n([^]*)\r\n$/.exec(said) ?? [];
    const up = sent !== undefined;
    if (up && !this.isFollowing) {
      this.log('MASTER <-> REPLICA sync started');
      this.log('MASTER <-> REPLICA sync: Finished with success');
    } else if (!up && this.isFollowing) this.log('Connection with master lost.');
    else if (!up)
      this.log(
        address === undefined
          ? 'Unable to connect to MASTER: Resource temporarily unavailable'
          : 'Error condition on socket for SYNC: Connection refused',
        '#',
      );
    this.isFollowing = up;
    if (up) {
      this.keys = new Keys(() => box.now(), JSON.parse(sent) as [string, Entry][]);
      this.keys.changes = 1;
      this.save();
    }
    return up;
  }

  server(): Server {
    return () => {
      let held = '';
      let trusted = this.setting('requirepass') === '';
      const peer = {
        closed: false,
        say: (bytes: string): string => {
          held += bytes;
          let out = '';
          while (held !== '') {
            let words: string[];
            if (held.startsWith('*')) {
              const read = decode(held);
              if (read === undefined) break;
              held = held.slice(read.end);
              words =
                read.reply.kind === 'array'
                  ? read.reply.items.map((item) => (item.kind === 'bulk' ? item.text : ''))
                  : [];
            } else {
              const end = held.indexOf('\n');
              if (end === -1) break;
              words = splitWords(held.slice(0, end)) ?? [];
              held = held.slice(end + 1);
            }
            const [name = '', ...args] = words;
            if (name === '') continue;
            const word = name.toUpperCase();
            if (word === 'QUIT') {
              peer.closed = true;
              return `${out}+OK\r\n`;
            }
            if (word === 'AUTH') {
              const reply = this.#trust(args);
              if (reply.kind === 'status') trusted = true;
              out += encode(reply);
            } else if (!trusted) out += encode(error('NOAUTH Authentication required.'));
            else out += encode(this.run(word, args, name));
          }
          return out;
        },
      };
      return peer;
    };
  }
  #trust(args: readonly string[]): Reply {
    const wanted = this.setting('requirepass');
    if (wanted === '')
      return error(
        'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?',
      );
    return args.at(-1) === wanted ? OK : error('WRONGPASS invalid username-password pair or user is disabled.');
  }

  run(word: string, args: readonly string[], name: string): Reply {
    const replica = this.setting('replicaof') !== '';
    if (replica && isWrite(word)) return error("READONLY You can't write against a read only replica.");
    const own = administer(this, word, args);
    if (own !== undefined) return own;
    if (replica) this.follow();
    const limit = Number(this.setting('maxmemory'));
    if (limit > 0 && isWrite(word) && this.setting('maxmemory-policy') === 'noeviction' && this.used() > limit)
      return error("OOM command not allowed when used memory > 'maxmemory'.");
    const reply = run(this.keys, word, args);
    if (reply === undefined)
      return error(
        `ERR unknown command '${name}', with args beginning with: ${args.map((arg) => `'${arg.slice(0, 128)}' `).join('')}`,
      );
    this.save();
    return reply;
  }
  used(): number {
    let sum = 0;
    for (const [key, { value }] of this.keys.entries) sum += key.length + JSON.stringify(value).length;
    return sum;
  }
}
