/**
 * Cases beside a kind (`cases.yaml`) and what a real API server answered to them (`recorded.json`). A case is an object to
 * create, patches to one that exists, or an object whose table row is looked at.
 */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { KubeObject } from '../../../api/types.ts';

export interface Patch {
  merge: Record<string, unknown>;
  /** `status`, `resize`, ... */
  sub?: string;
}
export interface Cases {
  creates?: KubeObject[];
  updates?: { create: KubeObject; patches: Patch[] }[];
  rows?: KubeObject[];
}

/** `refused`: `field: message` of each cause. */
export interface Answer {
  refused?: string[];
  stored?: KubeObject;
  warnings?: string[];
}
export interface Recorded {
  creates: Record<string, Answer>;
  /** The object before the patches, and the answer to each. */
  updates: Record<string, { live: KubeObject; answers: Answer[] }>;
  /** `now`: the time at which the row was asked for, in milliseconds since 1970. */
  rows: Record<string, { live: KubeObject; now: number; cells: (string | number)[] }>;
}

export const readCases = (folder: URL | string): Cases =>
  (parse(readFileSync(new URL('cases.yaml', folder), 'utf8')) as Cases | null) ?? {};
export const readRecorded = (folder: URL | string): Recorded =>
  JSON.parse(readFileSync(new URL('recorded.json', folder), 'utf8')) as Recorded;

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** RFC 7386. */
export function merged(target: unknown, patch: unknown): unknown {
  if (!isFields(patch)) return patch;
  const result: Fields = isFields(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch))
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value);
  return result;
}

interface SpecFields {
  taints?: { key: string }[];
  priority?: number;
  preemptionPolicy?: string;
  serviceAccount?: string;
  serviceAccountName?: string;
  tolerations?: { tolerationSeconds?: number }[];
}

/** The object without what the server draws (uid, times) and without what admission adds to pods and nodes. */
export function comparable(object: KubeObject): KubeObject {
  const { uid, ...copy } = structuredClone(object.metadata);
  for (const field of ['creationTimestamp', 'generation', 'managedFields', 'resourceVersion'] as const)
    delete copy[field];
  const result = { ...structuredClone(object), metadata: copy } as KubeObject & { spec?: SpecFields };
  if (result.kind === 'Pod' && result.spec) {
    const { spec } = result;
    delete spec.priority;
    delete spec.preemptionPolicy;
    if (spec.serviceAccountName === 'default') {
      delete spec.serviceAccount;
      delete spec.serviceAccountName;
    }
    spec.tolerations = spec.tolerations?.filter(({ tolerationSeconds }) => tolerationSeconds !== 300);
    if (spec.tolerations?.length === 0) delete spec.tolerations;
  }
  if (result.kind === 'Node' && result.spec) {
    const taints = result.spec.taints?.filter(({ key }) => key !== 'node.kubernetes.io/not-ready');
    if (taints?.length === 0) delete result.spec.taints;
    else result.spec.taints = taints;
  }
  const text = JSON.stringify(result).replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, '<time>');
  return JSON.parse(uid === undefined ? text : text.replaceAll(uid, '<uid>')) as KubeObject;
}

const UID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

export const comparableSentence = (sentence: string): string => sentence.replaceAll(UID, '<uid>');
