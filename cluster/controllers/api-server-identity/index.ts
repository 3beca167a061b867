/** The Lease by which each API server says that it is there. */
import { createHash } from 'node:crypto';
import { microTimeText } from '../../api/time.ts';
import type { Lease, Node } from '../../api/types.ts';
import type { Again, Controller, ControllerContext } from '../controller.ts';

const NAMESPACE = 'kube-system';
const LEASES = 'leases.coordination.k8s.io';
const LEASE_SECONDS = 3600;
const RENEW_MS = 10_000;
const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

export const apiServerIdentity: Controller = {
  name: 'api-server-identity',
  user: 'system:apiserver',
  watches: {
    nodes: ({ type, object }) =>
      type !== 'DELETED' && object.metadata.labels?.[CONTROL_PLANE] !== undefined ? [object.metadata.name] : [],
  },
  reconcile(host, context): Again {
    const node = context.client.get<Node>('nodes', '', host);
    return node?.metadata.labels?.[CONTROL_PLANE] === undefined ? undefined : renew(host, context);
  },
};

/** Sixteen bytes of the host's name's hash, as the real server names itself. */
function nameOf(host: string): string {
  const bits = [...createHash('sha256').update(host).digest().subarray(0, 16)]
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('');
  const digits = bits.match(/.{1,5}/g) ?? [];
  return `apiserver-${digits.map((five) => BASE32[Number.parseInt(five.padEnd(5, '0'), 2)]).join('')}`;
}

function renew(host: string, { client, clock, random }: ControllerContext): Again {
  const name = nameOf(host);
  const now = clock.now();
  const renewTime = microTimeText(now);
  const lease = client.get<Lease>(LEASES, NAMESPACE, name);
  if (lease === undefined) {
    client.create<Lease>(LEASES, {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: {
        name,
        namespace: NAMESPACE,
        labels: { 'apiserver.kubernetes.io/identity': 'kube-apiserver', 'kubernetes.io/hostname': host },
      },
      spec: { holderIdentity: `${name}_${random.uuid()}`, leaseDurationSeconds: LEASE_SECONDS, renewTime },
    });
    return { afterMs: RENEW_MS };
  }
  const wait = Date.parse(lease.spec?.renewTime ?? '') + RENEW_MS - now;
  if (wait > 0) return { afterMs: wait };
  client.update<Lease>(LEASES, { ...lease, spec: { ...lease.spec, renewTime } });
  return { afterMs: RENEW_MS };
}
