/** What requests a webhook or policy is about. */
import { duplicate, invalid, notSupported, required, type FieldError, type Path } from '../../api/field.ts';
import { pathSegment, validateLabelSelector } from '../../api/names.ts';
import type { MatchResources, NamedRule, Rule } from '../../api/admission-registration.ts';

export const FAILURE_POLICIES = ['Fail', 'Ignore'];
const MATCH_POLICIES = ['Equivalent', 'Exact'];
const SCOPES = ['*', 'Cluster', 'Namespaced'];
const OPERATIONS = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];

const many = (values: readonly string[]) => values.length > 1 && values.includes('*');

function resourceErrors(resources: readonly string[], at: Path): FieldError[] {
  const errors: FieldError[] = resources.length === 0 ? [required(at)] : [];
  const allSubresources = new Set<string>();
  const allResources = new Set<string>();
  let plain = false;
  for (const [i, text] of resources.entries()) {
    const here = at.index(i);
    if (text === '') {
      errors.push(required(here));
      continue;
    }
    const slash = text.indexOf('/');
    if (slash < 0) {
      // as the real server does: only the last one without a subresource counts
      plain = text !== '*';
      continue;
    }
    const [resource, sub] = [text.slice(0, slash), text.slice(slash + 1)];
    if (allSubresources.has(resource)) {
      errors.push(invalid(here, text, `if '${resource}/*' is present, must not specify ${text}`));
    }
    if (allResources.has(sub)) errors.push(invalid(here, text, `if '*/${sub}' is present, must not specify ${text}`));
    if (sub === '*') allSubresources.add(resource);
    if (resource === '*') allResources.add(sub);
  }
  if (resources.length > 1 && resources.includes('*/*')) {
    errors.push(invalid(at, resources, "if '*/*' is present, must not specify other resources"));
  }
  if (resources.includes('*') && plain) {
    errors.push(invalid(at, resources, "if '*' is present, must not specify other resources without subresources"));
  }
  return errors;
}

export function ruleErrors(rule: Rule, at: Path): FieldError[] {
  const { operations = [], apiGroups = [], apiVersions = [], resources = [], scope } = rule;
  const errors: FieldError[] = [];
  if (operations.length === 0) errors.push(required(at.child('operations')));
  if (many(operations)) {
    errors.push(invalid(at.child('operations'), operations, "if '*' is present, must not specify other operations"));
  }
  operations.forEach((operation, i) => {
    if (!OPERATIONS.includes(operation)) {
      errors.push(notSupported(at.child('operations').index(i), operation, OPERATIONS));
    }
  });
  if (apiGroups.length === 0) errors.push(required(at.child('apiGroups')));
  if (many(apiGroups)) {
    errors.push(invalid(at.child('apiGroups'), apiGroups, "if '*' is present, must not specify other API groups"));
  }
  if (apiVersions.length === 0) errors.push(required(at.child('apiVersions')));
  if (many(apiVersions)) {
    errors.push(
      invalid(at.child('apiVersions'), apiVersions, "if '*' is present, must not specify other API versions"),
    );
  }
  apiVersions.forEach((version, i) => {
    if (version === '') errors.push(required(at.child('apiVersions').index(i)));
  });
  errors.push(...resourceErrors(resources, at.child('resources')));
  if (scope !== undefined && !SCOPES.includes(scope)) errors.push(notSupported(at.child('scope'), scope, SCOPES));
  return errors;
}

function namedRuleErrors(rule: NamedRule, at: Path): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  (rule.resourceNames ?? []).forEach((name, i) => {
    const here = at.child('resourceNames').index(i);
    for (const problem of pathSegment(name)) errors.push(invalid(here, name, problem));
    if (seen.has(name)) errors.push(duplicate(here, name));
    seen.add(name);
  });
  return [...errors, ...ruleErrors(rule, at)];
}

export function matchPolicyErrors(policy: string | undefined, at: Path): FieldError[] {
  return policy === undefined || MATCH_POLICIES.includes(policy) ? [] : [notSupported(at, policy, MATCH_POLICIES)];
}

export function matchResourcesErrors(match: MatchResources | undefined, at: Path): FieldError[] {
  if (!match) return [];
  return [
    ...matchPolicyErrors(match.matchPolicy, at.child('matchPolicy')),
    ...validateLabelSelector(match.namespaceSelector, at.child('namespaceSelector')),
    ...validateLabelSelector(match.objectSelector, at.child('objectSelector')),
    ...(match.resourceRules ?? []).flatMap((rule, i) => namedRuleErrors(rule, at.child('resourceRules').index(i))),
    ...(match.excludeResourceRules ?? []).flatMap((rule, i) =>
      namedRuleErrors(rule, at.child('excludeResourceRules').index(i)),
    ),
  ];
}

export function defaultRules(rules: readonly Rule[] | undefined): void {
  for (const rule of rules ?? []) rule.scope ??= '*';
}

export function defaultMatchResources(match: MatchResources | undefined): void {
  if (!match) return;
  match.matchPolicy ??= 'Equivalent';
  match.namespaceSelector ??= {};
  match.objectSelector ??= {};
  defaultRules(match.resourceRules);
  defaultRules(match.excludeResourceRules);
}
