/** Writes Events as client-go's recorders do: v1 events with a count for most components, events.k8s.io style for the scheduler. */
import { StatusError } from './api/status.ts';
import type { Event } from './api/types.ts';
import { microTimeText, timeText } from './api/time.ts';
import { Correlator } from './event-correlation.ts';
import type { Client, Clock, EventRecord, EventRecorder } from './store/client.ts';

/** Events about cluster-scoped objects live in the default namespace. */
const CLUSTER_SCOPED = 'default';
/** Milliseconds: a series in the scheduler's style is written when it begins, and then this often while it goes on. */
const SERIES_REFRESH_MS = 30 * 60 * 1000;
/** Milliseconds of silence that end a series. */
const SERIES_END_MS = 6 * 60 * 1000;

/** An Event that was written, and what its next repeat says. */
interface Written {
  namespace: string;
  name: string;
  count: number;
  at: number;
  writtenAt: number;
}

/** Numbers the events of a cluster, whoever records them. */
export interface EventCounter {
  drawn: number;
}

export class Recorder implements EventRecorder {
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #correlator = new Correlator();
  readonly #said = new Map<string, Written>();
  readonly #counter: EventCounter;

  constructor(client: Client, clock: Clock, counter: EventCounter) {
    this.#client = client;
    this.#clock = clock;
    this.#counter = counter;
  }

  event(component: string, record: EventRecord, host = ''): void {
    try {
      if (record.action === undefined) this.#correlated(component, record, host);
      else this.#inSeries(component, record, host);
    } catch (refusal) {
      // a recorder drops what the API refuses (a namespace that is going away, a quota of events): so do we
      if (!(refusal instanceof StatusError)) throw refusal;
    }
  }

  #correlated(component: string, record: EventRecord, host: string): void {
    const { regarding, type, reason, fieldPath = '' } = record;
    const now = this.#clock.now();
    const about = `${regarding.metadata.uid} ${regarding.metadata.name}`;
    const occurrence = { component, host, about, fieldPath, type, reason, message: record.message };
    const { key, message, combined } = this.#correlator.correlate(occurrence, now);
    const said = this.#said.get(key);
    if (said) said.count += 1;
    if (!this.#correlator.admits(occurrence, now)) return;
    const old = said && this.#client.get<Event>('events', said.namespace, said.name);
    if (said && old) {
      this.#client.update('events', { ...old, count: said.count, message, lastTimestamp: timeText(now) });
      return;
    }
    this.#said.set(key, this.#create(component, { ...record, message }, host, now, combined));
  }

  /** The scheduler's style: repeats about the same version of an object are a series, whatever they say. */
  #inSeries(component: string, record: EventRecord, host: string): void {
    const { regarding, type, reason, action } = record;
    const { uid, name, resourceVersion } = regarding.metadata;
    const now = this.#clock.now();
    const key = JSON.stringify([component, host, uid, name, resourceVersion, type, reason, action]);
    const said = this.#said.get(key);
    if (!said || now - said.at > SERIES_END_MS) {
      this.#said.set(key, this.#create(component, record, host, now));
      return;
    }
    said.count += 1;
    said.at = now;
    if (said.count > 2 && now - said.writtenAt < SERIES_REFRESH_MS) return;
    said.writtenAt = now;
    const old = this.#client.get<Event>('events', said.namespace, said.name);
    if (!old) return;
    const series = { count: said.count, lastObservedTime: microTimeText(now) };
    this.#client.update('events', { ...old, series });
  }

  /** @param combined events in one: it says less of where it comes from */
  #create(component: string, record: EventRecord, host: string, now: number, combined = false): Written {
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
            reportingComponent: combined ? '' : component,
            reportingInstance: combined ? '' : host,
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
    return { namespace, name, count: 1, at: now, writtenAt: now };
  }
}
