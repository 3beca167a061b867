/** RoleBindings and ClusterRoleBindings differ in what they may refer to, and in little else. */
import { invalid, notSupported, path, required, type FieldError, type Path } from '../../api/field.ts';
import { dns1123Subdomain, pathSegment } from '../../api/names.ts';
import type { ClusterRoleBinding, RoleBinding } from '../../api/types.ts';
import type { Cell, Kind } from '../kind.ts';

type Binding = RoleBinding | ClusterRoleBinding;
type Subject = NonNullable<Binding['subjects']>[number];

const GROUP = 'rbac.authorization.k8s.io';
const SUBJECTS = ['ServiceAccount', 'User', 'Group'];

function defaults(object: Binding): void {
  object.roleRef.apiGroup ||= GROUP;
  for (const subject of object.subjects ?? []) {
    if (subject.kind === 'User' || subject.kind === 'Group') subject.apiGroup ||= GROUP;
  }
}

function subjectErrors(subject: Subject, namespaced: boolean, at: Path): FieldError[] {
  const errors: FieldError[] = [];
  const { kind, name, apiGroup = '' } = subject;
  if (!name) errors.push(required(at.child('name')));
  if (kind === 'ServiceAccount') {
    if (name) errors.push(...dns1123Subdomain(name).map((detail) => invalid(at.child('name'), name, detail)));
    if (apiGroup !== '') errors.push(notSupported(at.child('apiGroup'), apiGroup, ['']));
    if (!namespaced && !subject.namespace) errors.push(required(at.child('namespace')));
  } else if (!SUBJECTS.includes(kind)) errors.push(notSupported(at.child('kind'), kind, SUBJECTS));
  else if (apiGroup !== GROUP) errors.push(notSupported(at.child('apiGroup'), apiGroup, [GROUP]));
  return errors;
}

function validate({ roleRef, subjects }: Binding, namespaced: boolean): FieldError[] {
  const at = path('roleRef');
  const roles = namespaced ? ['Role', 'ClusterRole'] : ['ClusterRole'];
  const errors: FieldError[] = [];
  if (roleRef.apiGroup !== GROUP) errors.push(notSupported(at.child('apiGroup'), roleRef.apiGroup, [GROUP]));
  if (!roles.includes(roleRef.kind)) errors.push(notSupported(at.child('kind'), roleRef.kind, roles));
  if (!roleRef.name) errors.push(required(at.child('name')));
  else errors.push(...pathSegment(roleRef.name).map((detail) => invalid(at.child('name'), roleRef.name, detail)));
  return [
    ...errors,
    ...(subjects ?? []).flatMap((one, position) => subjectErrors(one, namespaced, path('subjects').index(position))),
  ];
}

function validateUpdate(object: Binding, old: Binding, namespaced: boolean): FieldError[] {
  const errors = validate(object, namespaced);
  const { apiGroup, kind, name } = object.roleRef;
  if (apiGroup !== old.roleRef.apiGroup || kind !== old.roleRef.kind || name !== old.roleRef.name) {
    // as the server holds it
    const shown = { APIGroup: apiGroup, Kind: kind, Name: name };
    errors.push(invalid(path('roleRef'), shown, 'cannot change roleRef'));
  }
  return errors;
}

function cells({ metadata, roleRef, subjects = [] }: Binding): Cell[] {
  const of = (kind: string, print: (subject: Subject) => string) =>
    subjects
      .filter((subject) => subject.kind === kind)
      .map(print)
      .join(', ');
  return [
    metadata.name,
    `${roleRef.kind}/${roleRef.name}`,
    metadata.creationTimestamp ?? null,
    of('User', ({ name }) => name),
    of('Group', ({ name }) => name),
    of('ServiceAccount', ({ namespace, name }) => `${namespace ?? ''}/${name}`),
  ];
}

const shared = { nameFormat: 'pathSegment', createOnUpdate: true, defaults, cells } as const;

export const roleBinding: Kind<RoleBinding> = {
  ...shared,
  resource: 'rolebindings.rbac.authorization.k8s.io',
  validate: (object) => validate(object, true),
  validateUpdate: (object, old) => validateUpdate(object, old, true),
};

export const clusterRoleBinding: Kind<ClusterRoleBinding> = {
  ...shared,
  resource: 'clusterrolebindings.rbac.authorization.k8s.io',
  validate: (object) => validate(object, false),
  validateUpdate: (object, old) => validateUpdate(object, old, false),
};
