export { clusterRoleBinding, roleBinding } from './bindings.ts';
export { clusterRole } from './cluster-role.ts';
export { role } from './role.ts';
