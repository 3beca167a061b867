/** `events`: the cluster has written such events, so often. */
import type { Event } from '#cluster/api/types.ts';
import { show } from '../show.ts';
import type { Check } from './check.ts';
import { bounds, boundsProblems, type Count, countText } from './count.ts';

export interface EventsOptions {
  events: {
    namespace?: string;
    about?: { kind: string; name?: string };
    reason?: string;
    type?: 'Normal' | 'Warning';
    message?: string;
  };
  count: Count;
}

/** Reasons of other events about the same object told when none fits. */
const REASONS_SHOWN = 8;

const isAbout = ({ involvedObject, metadata }: Event, { about, namespace }: EventsOptions['events']): boolean =>
  (namespace === undefined || metadata.namespace === namespace) &&
  (about === undefined ||
    (involvedObject.kind === about.kind && (about.name === undefined || involvedObject.name === about.name)));

/** `Event (shop, Pod web, FailedScheduling)` */
function scopeText({ namespace, about, reason, type, message }: EventsOptions['events']): string {
  const object = about && [about.kind, about.name].filter((part) => part !== undefined).join(' ');
  const parts = [namespace, object, type, reason, message && show(message)].filter((part) => part !== undefined);
  return parts.length === 0 ? 'Event' : `Event (${parts.join(', ')})`;
}

export const eventsCheck: Check<EventsOptions> = {
  kind: 'events',
  reads: () => [{ kind: 'Event', apiVersion: 'v1' }],
  problems: ({ count }) => boundsProblems(count),
  run({ events, count }, { now }) {
    const about = ((now.resources['events'] ?? []) as Event[]).filter((event) => isAbout(event, events));
    const found = about
      .filter(
        (event) =>
          (events.reason === undefined || event.reason === events.reason) &&
          (events.type === undefined || event.type === events.type) &&
          (events.message === undefined || event.message?.includes(events.message) === true),
      )
      // the same event again is counted, not written twice
      .reduce((sum, event) => sum + (event.series?.count ?? event.count ?? 1), 0);
    const { min, max } = bounds(count);
    if (found >= min && found <= max) return { outcome: 'passed' };
    const reasons = [...new Set(about.map(({ reason }) => reason ?? ''))].slice(0, REASONS_SHOWN).join(', ');
    const actual = found === 0 && reasons !== '' ? `0 (${reasons})` : String(found);
    return {
      outcome: 'failed',
      findings: [{ object: scopeText(events), path: '', expected: countText({ min, max }, 'Event'), actual }],
    };
  },
};
