/** Whether a webhook or policy is about a request. */
import { labelSelectorMatches } from '../api/selector.ts';
import type { KubeObject, LabelSelector } from '../api/types.ts';
import type { MatchResources, NamedRule, Rule } from '../api/admission-registration.ts';
import type { Reader } from '../store/client.ts';
import {
  equivalentsOf,
  kindFor,
  type Attributes,
  type GroupVersionKind,
  type GroupVersionResource,
} from './request-attributes.ts';

/** What the request counts as: itself, or an equivalent that a rule names. */
export interface Match {
  resource: GroupVersionResource;
  kind: GroupVersionKind;
}

const isIn = (items: readonly string[] = [], one: string) => items.includes('*') || items.includes(one);

function ruleMatches(rule: Rule, attributes: Attributes, resource: GroupVersionResource): boolean {
  const isNamespace = resource.group === '' && resource.resource === 'namespaces';
  const clusterWide = isNamespace || attributes.namespace === '';
  const { scope = '*' } = rule;
  if (scope === 'Namespaced' ? clusterWide : scope === 'Cluster' && !clusterWide) return false;
  if (!isIn(rule.apiGroups, resource.group) || !isIn(rule.apiVersions, resource.version)) return false;
  if (!isIn(rule.operations, attributes.operation)) return false;
  return (rule.resources ?? []).some((text) => {
    const slash = text.indexOf('/');
    const [name, sub] = slash < 0 ? [text, ''] : [text.slice(0, slash), text.slice(slash + 1)];
    return (name === '*' || name === resource.resource) && (sub === '*' || sub === attributes.subresource);
  });
}

const nameMatches = ({ resourceNames = [] }: NamedRule, name: string) =>
  resourceNames.length === 0 || resourceNames.includes(name);

export function matchRules(
  rules: readonly NamedRule[],
  matchPolicy: string | undefined,
  attributes: Attributes,
): Match | undefined {
  const { resource, kind, name } = attributes;
  if (rules.some((rule) => ruleMatches(rule, attributes, resource) && nameMatches(rule, name)))
    return { resource, kind };
  if (matchPolicy !== 'Equivalent') return undefined;
  const equivalents = equivalentsOf(resource);
  for (const rule of rules) {
    for (const other of equivalents) {
      const otherKind = kindFor(other);
      if (!otherKind || !ruleMatches(rule, attributes, other) || !nameMatches(rule, name)) continue;
      return { resource: other, kind: attributes.subresource === '' ? otherKind : kind };
    }
  }
  return undefined;
}

const isEmpty = ({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean =>
  Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;

/** Requests about cluster-scoped objects pass; a namespace that is written is judged by its new labels. */
function namespaceMatches(store: Reader, selector: LabelSelector | undefined, attributes: Attributes): boolean {
  const { namespace, resource, subresource, operation, object } = attributes;
  const isNamespace = resource.resource === 'namespaces';
  if (!selector || isEmpty(selector) || (namespace === '' && !isNamespace)) return true;
  const written = isNamespace && subresource === '' && (operation === 'CREATE' || operation === 'UPDATE');
  const of = written ? object : store.get<KubeObject>('namespaces', '', namespace);
  return labelSelectorMatches(selector, of?.metadata.labels ?? {});
}

function objectMatches(selector: LabelSelector | undefined, { object, old }: Attributes): boolean {
  if (!selector || isEmpty(selector)) return true;
  return [object, old].some((one) => one !== undefined && labelSelectorMatches(selector, one.metadata?.labels ?? {}));
}

export function selectorsMatch(
  store: Reader,
  { namespaceSelector, objectSelector }: { namespaceSelector?: LabelSelector; objectSelector?: LabelSelector },
  attributes: Attributes,
): boolean {
  return namespaceMatches(store, namespaceSelector, attributes) && objectMatches(objectSelector, attributes);
}

/** No rules at all match everything: so may a binding leave it to its policy. */
export function matchResources(
  store: Reader,
  match: MatchResources | undefined,
  attributes: Attributes,
): Match | undefined {
  const { resource, kind } = attributes;
  if (!match) return { resource, kind };
  if (!selectorsMatch(store, match, attributes)) return undefined;
  const { resourceRules = [], excludeResourceRules = [], matchPolicy } = match;
  if (matchRules(excludeResourceRules, matchPolicy, attributes)) return undefined;
  return resourceRules.length === 0 ? { resource, kind } : matchRules(resourceRules, matchPolicy, attributes);
}
