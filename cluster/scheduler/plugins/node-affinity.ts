import { path, printFieldError } from '../../api/field.ts';
import { nodeSelectorTermProblems } from '../../api/node-selector.ts';
import { nodeSelectorMatches, nodeSelectorTermMatches } from '../../api/selector.ts';
import type { Node, NodeSelectorTerm, Pod } from '../../api/types.ts';
import type { NodeAffinityArgs } from '../configuration/types.ts';
import { labelsOf, normalizeByHighest, PluginError, SKIP, unresolvable, type Plugin } from '../framework.ts';

type NodeAffinity = NonNullable<NodeAffinityArgs['addedAffinity']>;

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

type Preferred = NonNullable<NodeAffinity['preferredDuringSchedulingIgnoredDuringExecution']>;
const preferredOf = (affinity: NodeAffinity | undefined): Preferred =>
  affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];

const scoreOf = (preferred: Preferred, node: Node): number =>
  preferred
    .filter(({ preference }) => nodeSelectorTermMatches(preference, node))
    .reduce((sum, { weight }) => sum + weight, 0);

/** The API takes terms that no label can fulfil; of preferences they are told when nodes are to be scored. @throws PluginError */
function checkPreferred(preferred: Preferred): void {
  const problems = preferred.flatMap(({ preference }, i) => nodeSelectorTermProblems(preference, path().index(i)));
  if (problems.length === 0) return;
  const sentences = problems.map(printFieldError);
  throw new PluginError(sentences.length === 1 ? sentences[0] : `[${sentences.join(', ')}]`);
}

/** nodeSelector, required and preferred node affinity, and what the scheduler itself demands for all its pods. */
export function nodeAffinity({ addedAffinity }: NodeAffinityArgs = {}): Plugin {
  const enforced = addedAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return {
    name: 'NodeAffinity',
    hints: {
      nodes(pod, { before, after }) {
        if (!after || !nodeSelectorMatches(enforced, after) || !nodeAffinityMatches(pod, after)) return false;
        return !before || !nodeAffinityMatches(pod, before);
      },
    },
    preFilter({ pod }) {
      if (!requiredOf(pod) && !enforced && !pod.spec?.nodeSelector) return SKIP;
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
      if (!nodeSelectorMatches(enforced, node)) {
        return unresolvable("node(s) didn't match scheduler-enforced node affinity");
      }
      return nodeAffinityMatches(cycle.pod, node)
        ? undefined
        : unresolvable("node(s) didn't match Pod's node affinity/selector");
    },
    scores({ pod }) {
      const preferred = preferredOf(affinityOf(pod));
      checkPreferred(preferred);
      return preferred.length > 0 || preferredOf(addedAffinity).length > 0;
    },
    score: (cycle, { node }) =>
      scoreOf(preferredOf(addedAffinity), node) + scoreOf(preferredOf(affinityOf(cycle.pod)), node),
    normalize: (scores) => normalizeByHighest(scores),
  };
}
