import { nodeSelectorMatches, nodeSelectorTermMatches } from '../../api/selector.ts';
import type { Node, NodeSelectorTerm, Pod } from '../../api/types.ts';
import { labelsOf, normalizeByHighest, unresolvable, type Plugin } from '../framework.ts';

const affinityOf = (pod: Pod) => pod.spec?.affinity?.nodeAffinity;
const requiredOf = (pod: Pod) => affinityOf(pod)?.requiredDuringSchedulingIgnoredDuringExecution;

/** nodeSelector and required node affinity both hold. */
export const nodeAffinityMatches = (pod: Pod, node: Node): boolean =>
  Object.entries(pod.spec?.nodeSelector ?? {}).every(([key, value]) => labelsOf(node)[key] === value) &&
  nodeSelectorMatches(requiredOf(pod), node);

/** The names a term asks for by `metadata.name In`; undefined when it asks for none. */
function namesOf(term: NodeSelectorTerm): Set<string> | undefined {
  let names: Set<string> | undefined;
  for (const { key, operator, values } of term.matchFields ?? []) {
    if (key !== 'metadata.name' || operator !== 'In') continue;
    const listed = values ?? [];
    names = new Set(names ? listed.filter((name) => names?.has(name)) : listed);
  }
  return names;
}

/** nodeSelector, required and preferred node affinity. */
export const nodeAffinity: Plugin = {
  name: 'NodeAffinity',
  weight: 2,
  preFilter({ pod }) {
    const terms = requiredOf(pod)?.nodeSelectorTerms ?? [];
    if (terms.length === 0) return undefined;
    const nodeNames = new Set<string>();
    for (const term of terms) {
      const names = namesOf(term);
      // terms are alternatives: one that names no node leaves all open
      if (!names) return undefined;
      for (const name of names) nodeNames.add(name);
    }
    return nodeNames.size === 0 ? unresolvable('pod affinity terms conflict') : { nodeNames };
  },
  filter(cycle, { node }) {
    return nodeAffinityMatches(cycle.pod, node)
      ? undefined
      : unresolvable("node(s) didn't match Pod's node affinity/selector");
  },
  scores: ({ pod }) => (affinityOf(pod)?.preferredDuringSchedulingIgnoredDuringExecution ?? []).length > 0,
  score(cycle, { node }) {
    const preferred = affinityOf(cycle.pod)?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    return preferred
      .filter(({ preference }) => nodeSelectorTermMatches(preference, node))
      .reduce((sum, { weight }) => sum + weight, 0);
  },
  normalize: (scores) => normalizeByHighest(scores),
};
