import type { Pod } from '../../api/types.ts';
import type { AdmissionPlugin } from '../plugin.ts';
import { objectOf } from '../request.ts';

/** Seconds that pods stay on a node that is not ready or can't be reached. */
const SECONDS = 300;
const TAINTS = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];

export const defaultTolerationSeconds: AdmissionPlugin = {
  name: 'DefaultTolerationSeconds',
  mutate(request) {
    const spec = objectOf<Pod>(request, 'pods', 'CREATE', 'UPDATE')?.spec;
    if (!spec) return;
    const given = spec.tolerations ?? [];
    const missing = TAINTS.filter(
      (taint) => !given.some(({ key, effect }) => (!key || key === taint) && (!effect || effect === 'NoExecute')),
    );
    const added = missing.map((key) => {
      return { key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: SECONDS };
    });
    if (added.length > 0) spec.tolerations = [...given, ...added];
  },
};
