/** A scheduler's way of doing things, by the name that pods ask for: which plugins it asks when, and what their scores weigh. */
import type { Plugin } from './framework.ts';

/** Points in an attempt at which plugins are asked, as configurations name them; in the order in which they are set up. */
export const EXTENSION_POINTS = [
  'preFilter',
  'filter',
  'postFilter',
  'reserve',
  'preScore',
  'score',
  'preBind',
  'bind',
  'postBind',
  'permit',
  'preEnqueue',
  'queueSort',
] as const;
export type ExtensionPoint = (typeof EXTENSION_POINTS)[number];

export interface Scored {
  plugin: Plugin;
  weight: number;
}

export interface Profile {
  /** What pods have in spec.schedulerName. */
  schedulerName: string;
  preEnqueue: readonly Plugin[];
  preFilter: readonly Plugin[];
  /** The first that rejects a node gives the reason. */
  filter: readonly Plugin[];
  /** Names of what is tried when no node will do, in this order. */
  postFilter: readonly string[];
  score: readonly Scored[];
  /** In clusters of 100 nodes and more the search ends when this share has been found possible; 0: it depends on their number. */
  percentageOfNodesToScore: number;
  /** Milliseconds: how long volumes may take to be bound for a pod. */
  bindTimeoutMs: number;
}
