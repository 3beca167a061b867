/** What the annotation endpoints.kubernetes.io/last-change-trigger-time says: since when a Service's endpoints could have been as they are now written. */
import { podCondition } from '../api/pods.ts';
import type { Pod, Service } from '../api/types.ts';

const ANNOTATION = 'endpoints.kubernetes.io/last-change-trigger-time';

interface Seen {
  service: string;
  /** When each pod last became ready or stopped being it, by name. */
  pods: ReadonlyMap<string, string>;
}

/** Remembers what was seen at the last look at each Service; times are RFC 3339 in seconds, which compare as text. */
export class TriggerTimes {
  readonly #seen = new Map<string, Seen>();

  /** The earliest of what has changed since the last look; '' where nothing has. To be asked once at each look. */
  look(key: string, service: Service, pods: readonly Pod[]): string {
    const created = service.metadata.creationTimestamp ?? '';
    const times = new Map(
      pods.flatMap((pod): [string, string][] => {
        const time = podCondition(pod, 'Ready')?.lastTransitionTime;
        return time ? [[pod.metadata.name, time]] : [];
      }),
    );
    const before = this.#seen.get(key);
    this.#seen.set(key, { service: created, pods: times });
    if (before === undefined) return created;
    let earliest = '';
    const count = (time: string, known: string) => {
      if (time > known && (earliest === '' || time < earliest)) earliest = time;
    };
    for (const [name, time] of times) count(time, before.pods.get(name) ?? '');
    count(created, before.service);
    return earliest;
  }

  forget(key: string): void {
    this.#seen.delete(key);
  }
}

export function withTrigger(
  annotations: Readonly<Record<string, string>> | undefined,
  time: string,
): Record<string, string> {
  const { [ANNOTATION]: _before, ...rest } = annotations ?? {};
  return time === '' ? rest : { ...rest, [ANNOTATION]: time };
}
