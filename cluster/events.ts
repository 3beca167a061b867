/** Writes Events as client-go's recorders do: v1 events with a count for most components, events.k8s.io style for the scheduler. */
import { StatusError } from './api/status.ts';
import type { Event } from './api/types.ts';
import { microTimeText, timeText } from './api/time.ts';
import type { Client, Clock, EventRecord, EventRecorder } from './store/client.ts';

/** Events about cluster-scoped objects live in the default namespace. */
const CLUSTER_SCOPED = 'default';
/** Milliseconds after which a repeat starts a new event: the correlator's spam filter and the events' own life are both bounded. */
const REPEAT_WINDOW_MS = 10 * 60 * 1000;

/** Numbers the events of a cluster, whoever records them. */
export interface EventCounter {
  drawn: number;
}

export class Recorder implements EventRecorder {
  readonly #client: Client;
  readonly #clock: Clock;
  /** What was said last, by all that makes two events the same, to the name of the Event. */
  readonly #said = new Map<string, { namespace: string; name: string; at: number }>();
  readonly #counter: EventCounter;

  constructor(client: Client, clock: Clock, counter: EventCounter) {
    this.#client = client;
    this.#clock = clock;
    this.#counter = counter;
  }

  event(component: string, record: EventRecord, host = ''): void {
    const { regarding, type, reason, message, fieldPath = '' } = record;
    const now = this.#clock.now();
    const { uid, name } = regarding.metadata;
    const key = JSON.stringify([component, host, uid, name, fieldPath, type, reason, message]);
    const said = this.#said.get(key);
    try {
      if (said && now - said.at < REPEAT_WINDOW_MS && this.#repeat(said, now)) said.at = now;
      else this.#said.set(key, { ...this.#create(component, record, host, now), at: now });
    } catch (refusal) {
      // a recorder drops what the API refuses (a namespace that is going away, a quota of events): so do we
      if (!(refusal instanceof StatusError)) throw refusal;
    }
  }

  #repeat({ namespace, name }: { namespace: string; name: string }, now: number): boolean {
    const old = this.#client.get<Event>('events', namespace, name);
    if (!old) return false;
    const event = structuredClone(old);
    if (event.eventTime) {
      event.series = { count: (event.series?.count ?? 1) + 1, lastObservedTime: microTimeText(now) };
    } else {
      event.count = (event.count ?? 1) + 1;
      event.lastTimestamp = timeText(now);
    }
    this.#client.update('events', event);
    return true;
  }

  #create(component: string, record: EventRecord, host: string, now: number): { namespace: string; name: string } {
    const { regarding, type, reason, message, fieldPath, action } = record;
    const namespace = regarding.metadata.namespace || CLUSTER_SCOPED;
    // real names end in the time in nanoseconds, in hex; a counter in the low digits keeps ours unique within a millisecond
    const stamp = (BigInt(now) * 1_000_000n + BigInt(this.#counter.drawn++ % 1_000_000)).toString(16);
    const name = `${regarding.metadata.name}.${stamp}`;
    const base = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace },
      involvedObject: {
        kind: regarding.kind,
        namespace: regarding.metadata.namespace,
        name: regarding.metadata.name,
        uid: regarding.metadata.uid,
        apiVersion: regarding.apiVersion,
        resourceVersion: regarding.metadata.resourceVersion,
        ...(fieldPath === undefined ? {} : { fieldPath }),
      },
      reason,
      message,
      type,
    };
    const event =
      action === undefined
        ? {
            ...base,
            source: { component, ...(host === '' ? {} : { host }) },
            firstTimestamp: timeText(now),
            lastTimestamp: timeText(now),
            count: 1,
            eventTime: null,
            reportingComponent: component,
            reportingInstance: host,
          }
        : {
            ...base,
            source: {},
            firstTimestamp: null,
            lastTimestamp: null,
            eventTime: microTimeText(now),
            action,
            reportingComponent: component,
            reportingInstance: `${component}-controlplane`,
          };
    this.#client.create('events', event as unknown as Event);
    return { namespace, name };
  }
}
