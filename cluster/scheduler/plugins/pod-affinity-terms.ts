/** Terms of pod affinity and anti-affinity, and which pods they speak of. */
import { labelSelectorMatches } from '../../api/selector.ts';
import type { LabelSelector, Namespace, Pod } from '../../api/types.ts';
import type { Reader } from '../../store/client.ts';
import { labelsOf } from '../framework.ts';

export interface Term {
  /** The namespace of the pod that has the term: meant when the term names none. */
  home: string;
  topologyKey: string;
  labelSelector?: LabelSelector | undefined;
  namespaces?: readonly string[] | undefined;
  namespaceSelector?: LabelSelector | undefined;
}
export interface WeightedTerm {
  weight: number;
  term: Term;
}
export interface PodTerms {
  affinity: readonly Term[];
  antiAffinity: readonly Term[];
  preferredAffinity: readonly WeightedTerm[];
  preferredAntiAffinity: readonly WeightedTerm[];
}

const NONE: PodTerms = { affinity: [], antiAffinity: [], preferredAffinity: [], preferredAntiAffinity: [] };

export function termsOf(pod: Pod): PodTerms {
  const { podAffinity, podAntiAffinity } = pod.spec?.affinity ?? {};
  if (!podAffinity && !podAntiAffinity) return NONE;
  const home = pod.metadata.namespace ?? '';
  const own = (terms: readonly Omit<Term, 'home'>[] = []): Term[] => terms.map((term) => ({ ...term, home }));
  const weighted = (terms: readonly { weight: number; podAffinityTerm: Omit<Term, 'home'> }[] = []): WeightedTerm[] =>
    terms.map(({ weight, podAffinityTerm }) => ({ weight, term: { ...podAffinityTerm, home } }));
  return {
    affinity: own(podAffinity?.requiredDuringSchedulingIgnoredDuringExecution),
    antiAffinity: own(podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution),
    preferredAffinity: weighted(podAffinity?.preferredDuringSchedulingIgnoredDuringExecution),
    preferredAntiAffinity: weighted(podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution),
  };
}

function namespaceMatches({ home, namespaces = [], namespaceSelector }: Term, namespace: string, reader: Reader) {
  if (namespaces.length === 0 && !namespaceSelector) return namespace === home;
  if (namespaces.includes(namespace)) return true;
  if (!namespaceSelector) return false;
  const labels = reader.get<Namespace>('namespaces', '', namespace)?.metadata.labels ?? {};
  return labelSelectorMatches(namespaceSelector, labels);
}

/** A term without a label selector speaks of no pod. */
export const termMatches = (term: Term, pod: Pod, reader: Reader): boolean =>
  namespaceMatches(term, pod.metadata.namespace ?? '', reader) &&
  term.labelSelector !== undefined &&
  labelSelectorMatches(term.labelSelector, labelsOf(pod));
