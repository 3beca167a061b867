/** How long programs wait for a network that says nothing, and what they then say. */
import { untilTime, type Wait } from '../shell/coroutine.ts';
import type { Tool } from './tool.ts';

/** Milliseconds: how long a connection is tried without any answer. */
export const TCP_TIMEOUT = 130_000;
/** Milliseconds until it is known that nobody has an address. */
export const ARP_TIMEOUT = 3000;

export const WHY_UNRESOLVED = {
  unknown: 'Name or service not known',
  timeout: 'Temporary failure in name resolution',
  unreached: 'Temporary failure in name resolution',
};

export function* waits(tool: Tool, ms: number): Generator<Wait, void, void> {
  yield* untilTime(() => tool.box.now(), tool.box.now() + ms);
}
