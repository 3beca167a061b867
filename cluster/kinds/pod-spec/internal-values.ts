/**
 * Some refusals show a whole struct. The server prints its internal form then: field names as in Go, every field, in the
 * order of their declaration, null for what is not set.
 */
import type { Container } from '../../api/types.ts';

type Context = NonNullable<Container['securityContext']>;
/** JSON's name to Go's, in Go's order, with the shape of nested structs. */
type Shape = readonly (readonly [json: string, go: string, nested?: Shape])[];

const SELINUX: Shape = [
  ['user', 'User'],
  ['role', 'Role'],
  ['type', 'Type'],
  ['level', 'Level'],
];
const WINDOWS: Shape = [
  ['gmsaCredentialSpecName', 'GMSACredentialSpecName'],
  ['gmsaCredentialSpec', 'GMSACredentialSpec'],
  ['runAsUserName', 'RunAsUserName'],
  ['hostProcess', 'HostProcess'],
];
const PROFILE: Shape = [
  ['type', 'Type'],
  ['localhostProfile', 'LocalhostProfile'],
];
const CONTEXT: Shape = [
  [
    'capabilities',
    'Capabilities',
    [
      ['add', 'Add'],
      ['drop', 'Drop'],
    ],
  ],
  ['privileged', 'Privileged'],
  ['seLinuxOptions', 'SELinuxOptions', SELINUX],
  ['windowsOptions', 'WindowsOptions', WINDOWS],
  ['runAsUser', 'RunAsUser'],
  ['runAsGroup', 'RunAsGroup'],
  ['runAsNonRoot', 'RunAsNonRoot'],
  ['readOnlyRootFilesystem', 'ReadOnlyRootFilesystem'],
  ['allowPrivilegeEscalation', 'AllowPrivilegeEscalation'],
  ['procMount', 'ProcMount'],
  ['seccompProfile', 'SeccompProfile', PROFILE],
  ['appArmorProfile', 'AppArmorProfile', PROFILE],
];

function shown(value: Record<string, unknown>, shape: Shape): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [json, go, nested] of shape) {
    const inner = value[json];
    const isStruct = nested !== undefined && typeof inner === 'object' && inner !== null;
    result[go] = isStruct ? shown({ ...inner }, nested) : (inner ?? null);
  }
  return result;
}

export const shownSecurityContext = (context: Context): Record<string, unknown> => shown({ ...context }, CONTEXT);
