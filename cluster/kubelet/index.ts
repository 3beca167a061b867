/** What happens on the nodes: pods bound to one start, run, fail and end. */
import type { Controller } from '../controllers/controller.ts';
import { bareKubelet } from './bare.ts';
import { fullKubelet } from './full.ts';

export interface KubeletOptions {
  /** Containers start at once and never fail; nothing is told in events. */
  bare: boolean;
}

export const makeKubelet = ({ bare }: KubeletOptions): Controller => (bare ? bareKubelet : fullKubelet);
