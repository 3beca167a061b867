/** What happens on the nodes: pods bound to one start, run, fail and end. */
import type { Controller } from '../controllers/controller.ts';
import { bareKubelet } from './bare.ts';
import { makeFullKubelet } from './full.ts';
import type { SimulatedRuntime } from './runtime/runtime.ts';

export type KubeletOptions =
  /** Containers start at once and never fail; nothing is told in events. */
  { bare: true; runtime?: SimulatedRuntime } | { bare: false; runtime: SimulatedRuntime };

export const makeKubelet = (options: KubeletOptions): Controller =>
  options.bare ? bareKubelet : makeFullKubelet(options.runtime);
