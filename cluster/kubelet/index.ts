/** What happens on the nodes: pods bound to one start, run, fail and end. */
import type { Controller } from '../controllers/controller.ts';
import { bareKubelet } from './bare.ts';

export interface KubeletOptions {
  /** Containers start at once and never fail; nothing is told in events. */
  bare: boolean;
}

/** Nodes of both kinds run containers the bare way until `containers.ts` tells them apart. */
export const makeKubelet = (_options: KubeletOptions): Controller => bareKubelet;
