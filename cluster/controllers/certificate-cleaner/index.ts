/** Clears away requests for certificates that are over: looked at once an hour. */
import type { CertificateSigningRequest } from '../../api/types.ts';
import { endOf } from '../../x509/certificate.ts';
import type { Controller } from '../controller.ts';

const RESOURCE = 'certificatesigningrequests.certificates.k8s.io';
const HOUR_MS = 60 * 60 * 1000;
const DECIDED_MS = HOUR_MS;
const PENDING_MS = 24 * HOUR_MS;
const ROUND = 'round';

function isOver({ metadata, status }: CertificateSigningRequest, now: number): boolean {
  const { conditions = [], certificate } = status ?? {};
  const olderThan = (time: string | undefined, ms: number) => time !== undefined && now - Date.parse(time) > ms;
  if (conditions.length === 0) return olderThan(metadata.creationTimestamp, PENDING_MS);
  return conditions.some(({ type, lastUpdateTime }) => {
    switch (type) {
      case 'Approved': {
        const end = certificate ? endOf(Buffer.from(certificate, 'base64').toString()) : undefined;
        return olderThan(lastUpdateTime, certificate ? DECIDED_MS : PENDING_MS) || (end !== undefined && now > end);
      }
      case 'Denied':
      case 'Failed':
        return olderThan(lastUpdateTime, DECIDED_MS);
      default:
        return false;
    }
  });
}

export const certificateCleaner: Controller = {
  name: 'certificatesigningrequest-cleaner-controller',
  user: 'system:serviceaccount:kube-system:certificate-controller',
  // the first request starts the rounds, which end with the last
  watches: { [RESOURCE]: ({ type }) => (type === 'ADDED' ? [ROUND] : []) },
  reconcile(_key, { client, clock }) {
    const requests = client.list<CertificateSigningRequest>(RESOURCE);
    const now = clock.now();
    for (const request of requests) {
      if (isOver(request, now)) client.delete(RESOURCE, '', request.metadata.name);
    }
    return client.list(RESOURCE).length > 0 ? { afterMs: HOUR_MS } : undefined;
  },
};
