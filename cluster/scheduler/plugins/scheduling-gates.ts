import type { Plugin } from '../framework.ts';

/** A pod with gates is not looked at before the last of them is taken away. */
export const schedulingGates: Plugin = {
  name: 'SchedulingGates',
  preEnqueue: ({ spec }) => (spec?.schedulingGates ?? []).length === 0,
};
