import { labelValue } from '../../../api/names.ts';
import { duplicate, forbidden, invalid, notSupported, path, required, type FieldError } from '../../../api/field.ts';
import { quantity } from '../../../api/quantity.ts';
import type { Node, Taint } from '../../../api/types.ts';
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

const CIDR = /^(\d{1,3}(\.\d{1,3}){3}\/\d{1,2}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*\/\d{1,3})$/;

export function validateNode(node: Node): FieldError[] {
  const at = path('spec', 'podCIDRs');
  const cidrs = node.spec?.podCIDRs ?? [];
  const errors = [...validateTaints(node.spec?.taints ?? []), ...validateResources(node)];
  for (const [position, cidr] of cidrs.entries())
    if (!CIDR.test(cidr))
      errors.push(invalid(at.index(position), cidr, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'));
  const families = new Set(cidrs.map((cidr) => cidr.includes(':')));
  if (cidrs.length > families.size)
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
  // the server looks at the whole node first, and then at what it is about to change: some problems are told twice
  const errors = [...validateNode(node), ...validateResources(node), ...validateAddresses(node)];
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
