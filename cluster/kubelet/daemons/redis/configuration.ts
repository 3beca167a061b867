/** Options of redis-server: from its file, its command line and CONFIG SET. */
import { formatDate } from '../../commands/date.ts';
import { normalisePath } from '../../files/file-view.ts';
import type { Box } from '../../shell/box.ts';
import { textOf } from '../serve.ts';
import { splitWords } from './protocol.ts';

/** What CONFIG GET says when nothing else was configured. */
const DEFAULTS: Readonly<Record<string, string>> = {
  appendonly: 'no',
  bind: '* -::*',
  daemonize: 'no',
  databases: '16',
  dbfilename: 'dump.rdb',
  dir: '/data',
  loglevel: 'notice',
  maxclients: '10000',
  maxmemory: '0',
  'maxmemory-policy': 'noeviction',
  'maxmemory-samples': '5',
  port: '6379',
  'protected-mode': 'no',
  replicaof: '',
  requirepass: '',
  masterauth: '',
  save: '3600 1 300 100 60 10000',
  tcpkeepalive: '300',
  'tcp-keepalive': '300',
  timeout: '0',
};
/** Others that a configuration may set and that change nothing here. */
const ACCEPTED =
  /^(appendfsync|appendfilename|appenddirname|auto-aof-.*|aof-.*|always-show-logo|cluster-.*|client-.*|dynamic-hz|hash-.*|hz|include|io-threads.*|jemalloc-.*|latency-.*|lazyfree-.*|list-.*|lfu-.*|logfile|lua-.*|loadmodule|locale-.*|maxmemory-.*|min-replicas-.*|notify-.*|no-appendfsync-.*|oom-.*|pidfile|proc-title-.*|rdb.*|rename-command|repl-.*|replica-.*|set-.*|slave.*|slowlog-.*|stop-.*|stream-.*|syslog-.*|tcp-backlog|tls-.*|tracking-.*|unixsocket.*|user|zset-.*|active.*|disable-thp|supervised|aclfile|acllog-.*|acl-.*|shutdown-.*|crash-.*|enable-.*|set-proc-title|busy-reply-threshold|close-on-.*|replicaof|slaveof)$/;
const POLICIES = [
  'volatile-lru',
  'volatile-lfu',
  'volatile-random',
  'volatile-ttl',
  'allkeys-lru',
  'allkeys-lfu',
  'allkeys-random',
  'noeviction',
];

/** Whether an option may be set at all. */
export const isOption = (name: string): boolean => name in DEFAULTS || ACCEPTED.test(name);

/** `2mb` in bytes. */
function bytesOf(text: string): number | undefined {
  const match = /^(\d+)(k|kb|m|mb|g|gb|b)?$/i.exec(text);
  if (match === null) return undefined;
  const scale = { k: 1e3, kb: 1024, m: 1e6, mb: 1024 ** 2, g: 1e9, gb: 1024 ** 3, b: 1 };
  return Number(match[1]) * (scale[(match[2]?.toLowerCase() ?? 'b') as keyof typeof scale] ?? 1);
}

/** Sets one option; a sentence when it can't be. */
export function configure(settings: Map<string, string>, name: string, value: string): string | undefined {
  const key = name.toLowerCase();
  if (key === 'slaveof' || key === 'replicaof') settings.set('replicaof', value === 'no one' ? '' : value);
  else if (key === 'maxmemory') {
    const bytes = bytesOf(value);
    if (bytes === undefined) return 'argument must be a memory value';
    settings.set(key, String(bytes));
  } else if (key === 'maxmemory-policy' && !POLICIES.includes(value))
    return `argument(s) must be one of the following: ${POLICIES.join(', ')}`;
  else if ((key === 'appendonly' || key === 'protected-mode' || key === 'daemonize') && !/^(yes|no)$/.test(value))
    return "argument must be 'yes' or 'no'";
  else if (key === 'port' && !/^\d+$/.test(value)) return "argument couldn't be parsed into an integer";
  else if (isOption(key)) settings.set(key, value);
  else return 'Bad directive or wrong number of arguments';
  return undefined;
}

export interface Loaded {
  settings: Map<string, string>;
  file: string | undefined;
}
/** Options from a file and the command line; or the sentences it ends with. */
export function load(box: Box, argv: readonly string[], cwd: string, version: string): Loaded | string {
  const settings = new Map(Object.entries({ ...DEFAULTS, dir: cwd }));
  const words = argv.slice(1);
  const file = words[0] !== undefined && !words[0].startsWith('-') ? words.shift() : undefined;
  const fatal = (line: number, text: string, why: string) =>
    `\n*** FATAL CONFIG FILE ERROR (Redis ${version}) ***\nReading the configuration file, at line ${line}\n>>> '${text}'\n${why}\n`;
  const lines: string[] = [];
  if (file !== undefined) {
    const text = textOf(box, normalisePath(file, cwd));
    if (text === undefined)
      return `1:C ${formatDate(box.now(), '%d %b %Y %H:%M:%S.000')} # Fatal error, can't open config file '${normalisePath(file, cwd)}': No such file or directory\n`;
    lines.push(...text.split('\n'));
  }
  let option: string[] = [];
  const flush = () => {
    if (option.length > 0) lines.push(option.join(' '));
    option = [];
  };
  for (const word of words) {
    if (word.startsWith('--')) {
      flush();
      option = [word.slice(2)];
    } else option.push(word === '' ? '""' : /\s/.test(word) ? `"${word}"` : word);
  }
  flush();
  for (const [index, raw] of lines.entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const parts = splitWords(line);
    const [name = '', ...values] = parts ?? [];
    if (parts === undefined) return fatal(index + 1, line, 'Unbalanced quotes in configuration line');
    const known = isOption(name.toLowerCase());
    const why =
      !known || values.length === 0
        ? 'Bad directive or wrong number of arguments'
        : configure(settings, name, values.join(' '));
    if (why !== undefined) return fatal(index + 1, line, why);
  }
  return { settings, file };
}
