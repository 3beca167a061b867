import { labelValue } from '../../../api/names.ts';
import {
  duplicate,
  forbidden,
  internal,
  invalid,
  notSupported,
  path,
  required,
  type FieldError,
} from '../../../api/field.ts';
import { quantity } from '../../../api/quantity.ts';
import type { Node, Taint } from '../../../api/types.ts';
import { CIDR_PROBLEM, parseCidr } from '../../networking/ip.ts';
import { shownTaint } from '../../pod-spec/internal-values.ts';
import { validateAmount } from '../../pod-spec/resources.ts';
import { labelName } from '../../pod-spec/scalars.ts';
import { TAINT_EFFECTS } from '../../pod-spec/scheduling.ts';

/** The real server says `metadata.taints` of what lies in spec.taints. */
const TAINTS = path('metadata', 'taints');

function validateTaints(taints: readonly Taint[]): FieldError[] {
  const seen = new Set<string>();
  return taints.flatMap((taint, position) => {
    const at = TAINTS.index(position);
    const errors = labelName(taint.key, at.child('key'));
    const problems = labelValue(taint.value ?? '');
    if (problems.length > 0) errors.push(invalid(at.child('value'), taint.value, problems.join(';')));
    if (!taint.effect) errors.push(required(at.child('effect')));
    else if (!TAINT_EFFECTS.includes(taint.effect))
      errors.push(notSupported(at.child('effect'), taint.effect, TAINT_EFFECTS));
    const pair = `${taint.key}:${taint.effect}`;
    if (seen.has(pair)) {
      const error = duplicate(at, shownTaint(taint));
      errors.push({ ...error, body: `${error.body}: taints must be unique by key and effect pair` });
    }
    seen.add(pair);
    return errors;
  });
}

const validateResources = (node: Node): FieldError[] =>
  (['capacity', 'allocatable'] as const).flatMap((kind) =>
    Object.entries(node.status?.[kind] ?? {}).flatMap(([name, text]) =>
      validateAmount(name, quantity(text), path('status', kind, name)),
    ),
  );

export function validateNode(node: Node): FieldError[] {
  const at = path('spec', 'podCIDRs');
  const cidrs = node.spec?.podCIDRs ?? [];
  const errors = [...validateTaints(node.spec?.taints ?? []), ...validateResources(node)];
  const swap = node.status?.nodeInfo?.swap?.capacity;
  if (swap !== undefined && swap <= 0) {
    errors.push(invalid(path('metadata', 'nodeSwapStatus', 'capacity'), swap, 'must be greater than 0'));
  }
  for (const [position, cidr] of cidrs.entries())
    if (!parseCidr(cidr)) errors.push(invalid(at.index(position), cidr, CIDR_PROBLEM));
  if (cidrs.length < 2) return errors;
  const wrong = cidrs.findIndex((cidr) => !parseCidr(cidr));
  if (wrong >= 0) {
    errors.push(
      internal(
        at,
        `invalid PodCIDRs. failed to check with dual stack with error:invalid CIDR[${wrong}]: <nil> (invalid CIDR address: ${cidrs[wrong]})`,
      ),
    );
  }
  const families = new Set(cidrs.map((cidr) => parseCidr(cidr)?.base.family));
  if (wrong >= 0 || families.size < 2 || cidrs.length > 2)
    errors.push(invalid(at, cidrs, 'may specify no more than one CIDR for each IP family'));
  return errors;
}

function validateAddresses(node: Node): FieldError[] {
  const seen = new Set<string>();
  return (node.status?.addresses ?? []).flatMap((address, position) => {
    const key = JSON.stringify([address.type, address.address]);
    if (seen.has(key))
      return [duplicate(path('status', 'addresses').index(position), { Type: address.type, Address: address.address })];
    seen.add(key);
    return [];
  });
}

export function validateNodeUpdate(node: Node, old: Node): FieldError[] {
  const errors = [...validateResources(node), ...validateAddresses(node)];
  const at = path('spec', 'podCIDRs');
  const changed = forbidden(at, 'node updates may not change podCIDR except from "" to valid');
  const before = old.spec?.podCIDRs ?? [];
  const now = node.spec?.podCIDRs ?? [];
  if (before.length > 0) {
    if (before.length !== now.length) errors.push(changed);
    else errors.push(...before.filter((cidr, position) => cidr !== now[position]).map(() => changed));
  }
  if (old.spec?.providerID && old.spec.providerID !== node.spec?.providerID)
    errors.push(
      forbidden(path('spec', 'providerID'), 'node updates may not change providerID except from "" to valid'),
    );
  errors.push(...validateTaints(node.spec?.taints ?? []));
  if ((old.spec?.externalID ?? '') !== (node.spec?.externalID ?? ''))
    errors.push(forbidden(path('spec', 'externalID'), 'may not be updated'));
  return errors;
}
