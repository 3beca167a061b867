import { checkRoleWrite } from '../../access/role-writes.ts';
import type { AdmissionPlugin } from '../plugin.ts';

/**
 * Nobody writes or binds a role that allows more than they may do themselves. In the real server the storage of the four kinds
 * sees to it, after the last plugin that may change an object and before validation; no plugin is called so.
 */
export const roleEscalation: AdmissionPlugin = {
  name: 'RoleEscalation',
  mutate({ operation, resource, subresource, namespace, name, object, old, user }, { store }) {
    if (!object || subresource !== '' || (operation !== 'CREATE' && operation !== 'UPDATE')) return;
    checkRoleWrite(store, {
      user,
      group: resource.group,
      resource: resource.resource,
      namespace,
      name: operation === 'CREATE' ? '' : name,
      object,
      ...(old ? { old } : {}),
    });
  },
};
