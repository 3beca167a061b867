/** Which nodes a pod may run on, and why not on the others. */
import { type Cycle, priorityOf, type Rejection, SKIP, unresolvable } from './framework.ts';
import type { NodeInfo } from './snapshot.ts';

/** What all attempts to find a node came to. */
export interface Diagnosis {
  feasible: readonly NodeInfo[];
  /** By node name, for nodes that were looked at. */
  rejected: ReadonlyMap<string, Rejection>;
  /** What counts for nodes that were not looked at. */
  absent: Rejection;
  /** The pod itself was refused before any node was looked at: told in place of the nodes' reasons. */
  refused?: Rejection;
}

const NOT_LOOKED_AT = unresolvable();

function preFilter(cycle: Cycle): Rejection | { names?: ReadonlySet<string>; plugins: string[] } {
  let names: ReadonlySet<string> | undefined;
  const narrowing: string[] = [];
  for (const plugin of cycle.profile.preFilter) {
    const outcome = plugin.preFilter?.(cycle);
    if (!outcome) continue;
    if (outcome === SKIP) {
      cycle.skipped.add(plugin);
      continue;
    }
    if ('code' in outcome) return { ...outcome, plugin: plugin.name };
    narrowing.push(plugin.name);
    const { nodeNames } = outcome;
    names = new Set([...(names ?? nodeNames)].filter((name) => nodeNames.has(name)));
    if (names.size === 0) {
      const reason =
        narrowing.length === 1
          ? `node(s) didn't satisfy plugin ${narrowing[0]}`
          : `node(s) didn't satisfy plugin(s) [${narrowing.toSorted().join(' ')}] simultaneously`;
      return { ...unresolvable(reason), plugin: plugin.name };
    }
  }
  return { ...(names ? { names } : {}), plugins: narrowing };
}

function askPlugins(cycle: Cycle, info: NodeInfo): Rejection | undefined {
  for (const plugin of cycle.profile.filter) {
    if (cycle.skipped.has(plugin)) continue;
    const rejection = plugin.filter?.(cycle, info);
    if (rejection) return { ...rejection, plugin: plugin.name };
  }
  return undefined;
}

/**
 * Room made for pods of the same or higher priority that were promised the node counts as used; the pod must also fit
 * without them, since they may yet go elsewhere (and take what it has an affinity to with them).
 */
export function filterNode(cycle: Cycle, info: NodeInfo): Rejection | undefined {
  const promised = cycle.snapshot.nominated.filter(
    (other) =>
      other.status?.nominatedNodeName === info.name &&
      other.metadata.uid !== cycle.pod.metadata.uid &&
      priorityOf(other) >= priorityOf(cycle.pod),
  );
  if (promised.length > 0) {
    const fuller = info.with(promised);
    const rejection = askPlugins(cycle.withNode(fuller), fuller);
    if (rejection) return rejection;
  }
  return askPlugins(cycle, info);
}

/** Names of the plugins that stand in the pod's way. */
export const rejectors = ({ rejected, absent, refused }: Diagnosis): ReadonlySet<string> =>
  new Set([absent, ...(refused ? [refused] : []), ...rejected.values()].flatMap(({ plugin }) => plugin ?? []));

export function findFeasible(cycle: Cycle): Diagnosis {
  const before = preFilter(cycle);
  if ('code' in before) return { feasible: [], rejected: new Map(), absent: before, refused: before };
  const promised = cycle.snapshot.get(cycle.pod.status?.nominatedNodeName ?? '');
  if (promised && !filterNode(cycle, promised)) {
    return { feasible: [promised], rejected: new Map(), absent: NOT_LOOKED_AT };
  }
  const { names } = before;
  const feasible: NodeInfo[] = [];
  const rejected = new Map<string, Rejection>();
  for (const info of cycle.snapshot.nodes) {
    if (names && !names.has(info.name)) continue;
    const rejection = filterNode(cycle, info);
    if (rejection) rejected.set(info.name, rejection);
    else feasible.push(info);
  }
  const [plugin = ''] = before.plugins;
  const narrowed = { ...unresolvable(`node(s) didn't satisfy plugin(s) [${before.plugins.join(' ')}]`), plugin };
  return { feasible, rejected, absent: names ? narrowed : NOT_LOOKED_AT };
}
