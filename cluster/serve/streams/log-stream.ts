/** A container's log on the wire: what is there, and with follow what comes, as fast as the client reads. */
import type { ServerResponse } from 'node:http';
import type { LogEntry } from '../../kubelet/runtime/container-log.ts';
import type { LogRequest } from './log-options.ts';

/** Bytes waiting in the connection above which no more is written before the client reads. */
const FULL = 256 * 1024;
/** Milliseconds between looks whether a followed container still runs. */
const LOOK = 300;

/** RFC 3339 with nanoseconds; the last digits only keep lines of one millisecond apart. */
const stamp = (at: number, position: number): string =>
  `${new Date(at).toISOString().slice(0, -1)}${String(100_000 + ((position * 37) % 900_000))}Z`;

export interface LogContext {
  /** Brings the cluster up to the present. */
  catchUp(): void;
  /** Registers what ends the stream with its cluster. Returns what takes it back. */
  opened(end: () => void): () => void;
}

export function sendLog(response: ServerResponse, wanted: LogRequest, context: LogContext): void {
  if (!wanted.hasNode) {
    response.writeHead(204);
    response.end();
    return;
  }
  response.setHeader('content-type', 'text/plain');
  response.setHeader('cache-control', 'no-cache, private');
  response.writeHead(200);
  response.flushHeaders();
  const { instance, follow, timestamps, since, tailLines } = wanted;
  let left = wanted.limitBytes ?? Infinity;
  if (instance === undefined) {
    response.end();
    return;
  }
  const { log } = instance;
  const entries = log.entries;
  /** Counted from the very first entry, also those that are gone. */
  let next = log.dropped;
  if (since !== undefined)
    while (next - log.dropped < entries.length && (entries[next - log.dropped]?.at ?? 0) < since) next++;
  if (tailLines !== undefined) next = Math.max(next, log.dropped + entries.length - tailLines);
  /** Characters of the unfinished line that were sent already. */
  let sent = 0;
  const text = (entry: LogEntry, position: number): string => {
    const head = timestamps && sent === 0 ? `${stamp(entry.at, position)} ` : '';
    return `${head}${entry.line.slice(sent)}${entry.partial ? '' : '\n'}`;
  };
  const pump = (): void => {
    while (left > 0 && response.writableLength < FULL && !response.destroyed) {
      next = Math.max(next, log.dropped);
      const entry = entries[next - log.dropped];
      if (entry === undefined || (entry.partial && entry.line.length === sent)) break;
      const chunk = Buffer.from(text(entry, next), 'latin1').subarray(0, left);
      left -= chunk.length;
      response.write(chunk);
      if (entry.partial) {
        sent = entry.line.length;
        break;
      }
      sent = 0;
      next++;
    }
    const atEnd =
      next - log.dropped >= entries.length ||
      (entries[next - log.dropped]?.partial === true && entries[next - log.dropped]?.line.length === sent);
    if (left <= 0 || (atEnd && (!follow || instance.process.ended !== undefined))) finish();
  };
  let timer: NodeJS.Timeout | undefined;
  let over = false;
  const finish = (): void => {
    if (over) return;
    over = true;
    clearInterval(timer);
    unfollow();
    closed();
    response.end();
  };
  const unfollow = follow ? log.follow(() => setImmediate(pump)) : () => undefined;
  const closed = context.opened(finish);
  if (follow) {
    timer = setInterval(() => {
      context.catchUp();
      pump();
    }, LOOK);
  }
  response.on('drain', pump);
  response.on('close', finish);
  pump();
}
