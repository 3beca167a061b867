/** Events as events.k8s.io/v1 tells them, over those of the core group. */
import { invalid, path, required, type FieldError } from '../../api/field.ts';
import type { Event, JsonObject, KubeObject } from '../../api/types.ts';
import { decodeObject } from '../decode.ts';

/** This group's name of a field, and the core group's. */
const RENAMED: readonly (readonly [string, string])[] = [
  ['regarding', 'involvedObject'],
  ['note', 'message'],
  ['reportingController', 'reportingComponent'],
  ['deprecatedSource', 'source'],
  ['deprecatedFirstTimestamp', 'firstTimestamp'],
  ['deprecatedLastTimestamp', 'lastTimestamp'],
  ['deprecatedCount', 'count'],
];

function renamed(object: KubeObject, names: ReadonlyMap<string, string>): JsonObject {
  const entries = Object.entries(object as unknown as JsonObject);
  return Object.fromEntries(entries.map(([name, value]) => [names.get(name) ?? name, value]));
}

const TO_CORE = new Map(RENAMED);
const FROM_CORE = new Map(RENAMED.map(([here, core]) => [core, here] as const));

export const eventToCore = (object: KubeObject): KubeObject =>
  decodeObject({ ...renamed(object, TO_CORE), apiVersion: 'v1' }, 'io.k8s.api.core.v1.Event').object;

export const eventFromCore = (object: KubeObject): KubeObject =>
  decodeObject({ ...renamed(object, FROM_CORE), apiVersion: 'events.k8s.io/v1' }, 'io.k8s.api.events.v1.Event').object;

const UNSET = 'needs to be unset';

/** What this group asks of a new event beyond what the core group does. */
export function newEventProblems(stored: KubeObject): FieldError[] {
  const event = stored as Event;
  const errors: FieldError[] = [];
  if (!event.eventTime) errors.push(required(path('eventTime')));
  if (event.type !== 'Normal' && event.type !== 'Warning') {
    errors.push(invalid(path('type'), '', `has invalid value: ${event.type ?? ''}`));
  }
  for (const name of ['firstTimestamp', 'lastTimestamp', 'count'] as const) {
    if (event[name]) errors.push(invalid(path(name), '', UNSET));
  }
  if (event.source?.component || event.source?.host) errors.push(invalid(path('source'), '', UNSET));
  return errors;
}

export const EVENT_FIELDS: Readonly<Record<string, string>> = {
  reason: 'reason',
  'regarding.kind': 'involvedObject.kind',
  'regarding.namespace': 'involvedObject.namespace',
  'regarding.name': 'involvedObject.name',
  'regarding.uid': 'involvedObject.uid',
  'regarding.apiVersion': 'involvedObject.apiVersion',
  'regarding.resourceVersion': 'involvedObject.resourceVersion',
  'regarding.fieldPath': 'involvedObject.fieldPath',
  reportingController: 'reportingComponent',
  type: 'type',
  'metadata.namespace': 'metadata.namespace',
  'metadata.name': 'metadata.name',
};
