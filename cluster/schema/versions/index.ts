/**
 * Kinds that are served in two versions. Objects are stored in one of them; the other is a view: its bodies are converted on their
 * way in, its answers on their way out, as the real server does through its internal types.
 */
import type { FieldError } from '../../api/field.ts';
import type { KubeObject } from '../../api/types.ts';
import { groupVersion, resources, type ResourceInfo } from '../resources.ts';
import { eventFromCore, eventToCore, EVENT_FIELDS, newEventProblems } from './event.ts';
import { autoscalerFromV2, autoscalerToV2 } from './horizontal-pod-autoscaler.ts';

export interface ServedVersion {
  /** As asked for. */
  info: ResourceInfo;
  /** As kept. */
  stored: ResourceInfo;
  toStored(object: KubeObject): KubeObject;
  fromStored(object: KubeObject): KubeObject;
  /** What this version asks of a new object beyond what the stored one does. */
  newProblems?(stored: KubeObject): FieldError[];
  /** Fields for selectors, by the names they have in this version, with those they are kept under. Default: the same. */
  fields?: Readonly<Record<string, string>>;
}

const find = (path: string): ResourceInfo => {
  const info = resources.find((one) => `${groupVersion(one)}/${one.resource}` === path);
  if (!info) throw new Error(`no resource ${path}`);
  return info;
};

/** The shown form of an object that is shared and frozen is made once. */
function once(convert: (object: KubeObject) => KubeObject): (object: KubeObject) => KubeObject {
  const made = new WeakMap<KubeObject, KubeObject>();
  return (object) => {
    const known = made.get(object);
    if (known) return known;
    const shown = convert(object);
    if (Object.isFrozen(object)) made.set(object, Object.freeze(shown));
    return shown;
  };
}

const versions: ReadonlyMap<ResourceInfo, ServedVersion> = new Map(
  [
    {
      info: find('autoscaling/v1/horizontalpodautoscalers'),
      stored: find('autoscaling/v2/horizontalpodautoscalers'),
      toStored: autoscalerToV2,
      fromStored: once(autoscalerFromV2),
    },
    {
      info: find('events.k8s.io/v1/events'),
      stored: find('v1/events'),
      toStored: eventToCore,
      fromStored: once(eventFromCore),
      newProblems: newEventProblems,
      fields: EVENT_FIELDS,
    },
  ].map((version) => [version.info, version]),
);

/** undefined: objects are stored as they are asked for. */
export const servedVersion = (info: ResourceInfo): ServedVersion | undefined => versions.get(info);
