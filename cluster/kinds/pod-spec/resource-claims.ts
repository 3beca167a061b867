/** Devices that a pod claims. */
import { dns1123Subdomain } from '../../api/names.ts';
import { duplicate, forbidden, invalid, path as root, required, type FieldError, type Path } from '../../api/field.ts';
import type { PodSpec } from '../../api/types.ts';
import { each, label } from './scalars.ts';

type Claim = NonNullable<PodSpec['resourceClaims']>[number];

const shown = (claim: Claim) => ({
  Name: claim.name ?? '',
  ResourceClaimName: claim.resourceClaimName ?? null,
  ResourceClaimTemplateName: claim.resourceClaimTemplateName ?? null,
});

/** `isMirror`: a static pod's shadow, which may have none. */
export function validateResourceClaims(claims: readonly Claim[], isMirror: boolean, path: Path): FieldError[] {
  const names = new Set<string>();
  return claims.flatMap((claim, position) => {
    if (isMirror) return [forbidden(root(''), 'static pods do not support resource claims')];
    const at = path.index(position);
    const { name, resourceClaimName: own, resourceClaimTemplateName: template } = claim;
    const errors: FieldError[] = [];
    if (!name) errors.push(required(at.child('name')));
    else if (names.has(name)) errors.push(duplicate(at.child('name'), name));
    else errors.push(...label(name, at.child('name')));
    if (name) names.add(name);
    if (own !== undefined && template !== undefined)
      errors.push(
        invalid(at, shown(claim), 'at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified'),
      );
    if (own === undefined && template === undefined)
      errors.push(invalid(at, shown(claim), 'must specify one of: `resourceClaimName`, `resourceClaimTemplateName`'));
    if (own !== undefined) errors.push(...each(at.child('resourceClaimName'), own, dns1123Subdomain));
    if (template !== undefined) errors.push(...each(at.child('resourceClaimTemplateName'), template, dns1123Subdomain));
    return errors;
  });
}
