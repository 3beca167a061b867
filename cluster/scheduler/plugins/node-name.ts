import { unresolvable, type Plugin } from '../framework.ts';

/** A pod that names its node goes there or nowhere. */
export const nodeName: Plugin = {
  name: 'NodeName',
  filter(cycle, info) {
    const wanted = cycle.pod.spec?.nodeName;
    return !wanted || wanted === info.name ? undefined : unresolvable("node(s) didn't match the requested node name");
  },
};
