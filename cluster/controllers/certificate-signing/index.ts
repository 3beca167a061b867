/** Issues what was approved, for the signers that belong to Kubernetes itself; says so when a signer would never sign it. */
import type { CertificateSigningRequest } from '../../api/types.ts';
import { timeText } from '../../api/time.ts';
import { issue, type CertificateSigner } from '../../x509/certificate.ts';
import { parseRequest } from '../../x509/request.ts';
import type { Controller } from '../controller.ts';
import { signers } from './signers.ts';

const RESOURCE = 'certificatesigningrequests.certificates.k8s.io';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** --cluster-signing-duration: nobody gets more. */
const LONGEST_MS = 365 * 24 * HOUR_MS;
const SHORTEST_MS = 10 * MINUTE_MS;
/** Clocks differ: a certificate is good a little before it was issued. */
const BACKDATED_MS = 5 * MINUTE_MS;
/** One that lives shorter than this is not also shortened by what it was backdated. */
const SHORT_MS = 8 * HOUR_MS;

type Status = NonNullable<CertificateSigningRequest['status']>;

const has = (status: Status | undefined, wanted: string) =>
  (status?.conditions ?? []).some(({ type }) => type === wanted);

/** When it begins and ends, in milliseconds since 1970. */
function validity(seconds: number | undefined, now: number, signerEnds: number): { from: number; until: number } {
  const asked = seconds === undefined ? LONGEST_MS : Math.min(Math.max(seconds * 1000, SHORTEST_MS), LONGEST_MS);
  const until = now + (asked < SHORT_MS ? asked : asked - BACKDATED_MS);
  return { from: now - BACKDATED_MS, until: Math.min(until, signerEnds) };
}

/** One loop for each signer, as the real controller manager runs them. */
export const certificateSigning = (signer: CertificateSigner): Controller[] =>
  signers.map(({ signerName, controller, check }) => ({
    name: controller,
    user: 'system:serviceaccount:kube-system:certificate-controller',
    watches: {
      [RESOURCE]: ({ type, object }) =>
        type !== 'DELETED' && (object as CertificateSigningRequest).spec?.signerName === signerName
          ? [object.metadata.name]
          : [],
    },
    reconcile(name, { client, clock, random }) {
      const stored = client.get<CertificateSigningRequest>(RESOURCE, '', name);
      if (!stored?.spec || stored.status?.certificate) return;
      if (!has(stored.status, 'Approved') || has(stored.status, 'Failed')) return;
      const request = parseRequest(Buffer.from(stored.spec.request, 'base64').toString());
      // such a request could not be stored: an older one is left alone
      if ('problem' in request) return;
      const object = structuredClone(stored);
      const now = clock.now();
      const problem = check(request, stored.spec.usages ?? []);
      if (problem === undefined) {
        const { from, until } = validity(stored.spec.expirationSeconds, now, signer.until);
        const serial = random.uuid().replaceAll('-', '');
        const certificate = issue(request, signer, { serial, from, until, usages: stored.spec.usages ?? [] });
        object.status = { ...object.status, certificate: Buffer.from(certificate).toString('base64') };
      } else {
        const failed = {
          type: 'Failed',
          status: 'True',
          reason: 'SignerValidationFailure',
          message: problem,
          lastUpdateTime: timeText(now),
        };
        object.status = { ...object.status, conditions: [...(object.status?.conditions ?? []), failed] };
      }
      client.updateStatus(RESOURCE, object);
    },
  }));
