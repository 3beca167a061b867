/** A kubeconfig as kubeadm writes it for the administrator. */
import { stringify } from 'yaml';
import type { KeyPair } from './certificates.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

export interface KubeconfigOptions {
  /** `https://127.0.0.1:6443` */
  server: string;
  /** PEM of the cluster's authority. */
  authority: string;
  user: string;
  credentials: KeyPair;
}

export function kubeconfig({ server, authority, user, credentials }: KubeconfigOptions): string {
  const context = `${user}@kubernetes`;
  return stringify({
    apiVersion: 'v1',
    clusters: [{ cluster: { 'certificate-authority-data': base64(authority), server }, name: 'kubernetes' }],
    contexts: [{ context: { cluster: 'kubernetes', user }, name: context }],
    'current-context': context,
    kind: 'Config',
    preferences: {},
    users: [
      {
        name: user,
        user: {
          'client-certificate-data': base64(credentials.certificate),
          'client-key-data': base64(credentials.key),
        },
      },
    ],
  });
}
