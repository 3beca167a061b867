/**
 * The JSON of objects, written once for all who ask. A stored object is frozen and shared by every list, watch and fork, so its
 * text is kept with it: a list is then a matter of joining, and two hundred watchers are told with one text.
 */
import { LIMITS } from '../limits.ts';
import type { Json, KubeObject } from '../api/types.ts';
import { goJson } from '../schema/go-json.ts';
import { schemaNameOf } from '../schema/lookup.ts';

/** Texts of this turn and the last. Turning forgets what nobody asked for since the turn before. */
let recent = new WeakMap<object, string>();
let before = new WeakMap<object, string>();
let kept = 0;

function remember(object: object, text: string): void {
  recent.set(object, text);
  kept += text.length;
  if (kept < LIMITS.jsonCache / 2) return;
  before = recent;
  recent = new WeakMap();
  kept = 0;
}

const schemaOf = ({ apiVersion, kind }: KubeObject): string | undefined => {
  const slash = apiVersion.indexOf('/');
  return schemaNameOf(apiVersion.slice(0, Math.max(slash, 0)), apiVersion.slice(slash + 1), kind);
};

/** A kind that no struct knows says what it is in its place among its sorted keys. */
function written(object: KubeObject): string {
  const ref = schemaOf(object);
  if (ref === undefined) return goJson(object as unknown as Json);
  const { apiVersion: _version, kind: _kind, ...rest } = object;
  return goJson(rest, { ref });
}

/** As an item of a list, whose apiVersion and kind say it for all: `{"metadata":...}`; a custom object whole. */
export function itemJson(object: KubeObject): string {
  let text = recent.get(object);
  if (text !== undefined) return text;
  text = before.get(object);
  if (text === undefined) {
    text = written(object);
  }
  // what may still change is written anew each time
  if (Object.isFrozen(object)) remember(object, text);
  return text;
}

/** Whole, kind first as the real server writes it. */
export function objectJson(object: KubeObject): string {
  const { apiVersion, kind } = object;
  const rest = itemJson(object);
  if (schemaOf(object) === undefined) return rest;
  const head = `{"kind":${JSON.stringify(kind)},"apiVersion":${JSON.stringify(apiVersion)}`;
  return rest === '{}' ? `${head}}` : `${head},${rest.slice(1)}`;
}

/** The same as bytes, for lists: putting a hundred of them together is copying, without looking at each letter again. */
let recentBytes = new WeakMap<object, Uint8Array>();
let keptBytes = 0;

export function itemBytes(object: KubeObject): Uint8Array {
  const known = recentBytes.get(object);
  if (known !== undefined) return known;
  const bytes = Buffer.from(itemJson(object));
  if (!Object.isFrozen(object)) return bytes;
  keptBytes += bytes.length;
  if (keptBytes >= LIMITS.jsonCache / 2) {
    recentBytes = new WeakMap();
    keptBytes = bytes.length;
  }
  recentBytes.set(object, bytes);
  return bytes;
}
