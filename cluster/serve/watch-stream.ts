/** Watches on the wire: events one by one, bookmarks by the clock, and an end for those who do not read. */
import type { ServerResponse } from 'node:http';
import type { Cluster } from '../cluster.ts';
import { LIMITS } from '../limits.ts';
import type { Reply } from './api.ts';
import { encodeEvent, streamType } from './encode.ts';
import type { WatchEvent } from './watch.ts';

type WatchReply = Extract<Reply, { kind: 'watch' }>;

/** As the real server: each minute, and once shortly before the end. */
const BOOKMARK_MS = 60_000;
const BOOKMARK_BEFORE_END_MS = 2_000;

/** The open watches of one server. */
export class WatchStreams {
  readonly #ends = new Set<() => void>();

  get full(): boolean {
    return this.#ends.size >= LIMITS.watches;
  }

  endAll(): void {
    for (const end of Array.from(this.#ends)) end();
  }

  /** Headers beyond the stream's own are set already. */
  open(response: ServerResponse, cluster: Cluster, reply: WatchReply): void {
    const { watch, wanted } = reply;
    response.writeHead(200, { 'content-type': streamType(wanted) });
    response.flushHeaders();
    const waiting: WatchEvent[] = [...watch.initial];
    // what was there before the watch may be long; what comes later has to be read in time
    const most = waiting.length + LIMITS.watchBacklog;
    let first = true;
    let flows = true;
    let at = 0;
    const pump = () => {
      while (flows && at < waiting.length) {
        const event = waiting[at++];
        if (!event) break;
        flows = response.write(encodeEvent(cluster, reply, event, first));
        first = false;
        if (event.type === 'ERROR') end();
      }
      if (at === waiting.length) waiting.length = at = 0;
    };
    const tell = (event: WatchEvent) => {
      if (waiting.length - at >= most) {
        // somebody who does not read: the client comes back and starts anew
        end();
        response.destroy();
        return;
      }
      waiting.push(event);
      pump();
    };
    const unfollow = watch.follow(tell);
    const timers: NodeJS.Timeout[] = [];
    const end = () => {
      unfollow();
      timers.forEach(clearTimeout);
      this.#ends.delete(end);
      response.end();
    };
    this.#ends.add(end);
    response.on('close', end);
    response.on('drain', () => {
      flows = true;
      pump();
    });
    const { bookmark, timeoutMs } = watch;
    if (bookmark) {
      timers.push(setInterval(() => tell(bookmark()), BOOKMARK_MS));
      if (timeoutMs !== undefined && timeoutMs > BOOKMARK_BEFORE_END_MS) {
        timers.push(setTimeout(() => tell(bookmark()), timeoutMs - BOOKMARK_BEFORE_END_MS));
      }
    }
    if (timeoutMs !== undefined && timeoutMs > 0) timers.push(setTimeout(end, timeoutMs));
    pump();
  }
}
