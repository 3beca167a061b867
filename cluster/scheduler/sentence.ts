/** The one home of "0/3 nodes are available: ...". */
import type { Rejection } from './framework.ts';

export interface Outcome {
  /** Of all nodes in the cluster. */
  nodes: number;
  rejected: ReadonlyMap<string, Rejection>;
  /** Told once for every node not in `rejected`. */
  absent: Rejection;
  /** Told instead of the nodes' reasons. */
  refused?: Rejection;
  /** What came of looking for other ways, as a finished sentence. */
  after?: string;
}

/** Reasons with their counts, sorted as text: `1 Insufficient cpu, 2 node(s) were unschedulable`. */
function counted({ nodes, rejected, absent }: Outcome): string {
  const counts = new Map<string, number>();
  const count = (reason: string, by: number) => counts.set(reason, (counts.get(reason) ?? 0) + by);
  for (const { reasons } of rejected.values()) for (const reason of reasons) count(reason, 1);
  if (rejected.size < nodes) for (const reason of absent.reasons) count(reason, nodes - rejected.size);
  return [...counts]
    .map(([reason, many]) => `${many} ${reason}`)
    .sort()
    .join(', ');
}

export function noNodeSentence(outcome: Outcome): string {
  const why = outcome.refused ? outcome.refused.reasons.join(', ') : counted(outcome);
  return [`0/${outcome.nodes} nodes are available:`, why && `${why}.`, outcome.after].filter(Boolean).join(' ');
}
