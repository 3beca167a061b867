/**
 * Steps whose output kubectl prints in the random order of a Go map. Two recordings that agree do so by chance, and no cluster can
 * answer them the same each time: the words are compared, not their order.
 */

/** drain collects what speaks against it by reason. */
const DRAIN = /^kubectl drain /;
/** describe prints a LimitRange's resources, also within its namespace. */
const LIMITS = /^kubectl describe (?:ns|limitrange|limits) /;

/** By `area/name` of the case: of which commands the order counts for nothing. */
const RANDOM_ORDER: Readonly<Record<string, RegExp>> = {
  'limitrange/limitrange-container-defaults': LIMITS,
  'nodes/drain-refusals-then-flags': DRAIN,
  'nodes/own-drain-mixed-pods': DRAIN,
  'quota/own-limitrange-with-deployments': LIMITS,
  'quota/own-quota-limitrange-combined': LIMITS,
};

export const randomlyOrdered = (caseName: string, command: string): boolean =>
  RANDOM_ORDER[caseName]?.test(command) ?? false;

/** The words of an output in an order of their own: what two outputs in random orders have in common. */
export const wordsOf = (text: string): string[] => text.split(/[\s,;[\]]+/).sort();

/** Cases whose answers hang on the moment at which a command falls: they are counted in the report, and may differ. */
export const BY_CHANCE: Readonly<Record<string, string>> = {
  'nodes/own-cordon-then-schedule': 'which of two equal nodes is drawn',
  'quota/own-quota-through-deployments': 'whether ten retries, each later than the last, have happened yet',
  'quota/own-quota-limitrange-combined': 'whether ten retries, each later than the last, have happened yet',
  'quota/own-quota-scopes-terminating': 'which of two equal nodes is drawn',
  'scheduling/own-tolerations-validation': 'which of two equal nodes is drawn',
  'storage/own-pv-release-and-reuse': "where in the binder's round of 15 seconds the command falls",
  'workloads/defaulted-pod-yaml': 'which of two equal nodes is drawn',
  'workloads/own-deployment-rollouts':
    'ReplicaSets are listed by their hashes, one of them of a template with a time in it',
};
