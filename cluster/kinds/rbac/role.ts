import { path } from '../../api/field.ts';
import type { Role } from '../../api/types.ts';
import type { Kind } from '../kind.ts';
import { rulesErrors } from './rules.ts';

const validate = ({ rules }: Role) => rulesErrors(rules, true, path('rules'));

export const role: Kind<Role> = {
  resource: 'roles.rbac.authorization.k8s.io',
  nameFormat: 'pathSegment',
  createOnUpdate: true,
  validate,
  validateUpdate: validate,
};
