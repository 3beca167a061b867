/**
 * Calling a webhook. No request leaves the simulated cluster, and nothing in it speaks TLS: every call fails, in the words in
 * which the real server's would.
 */
import type { Service } from '../../api/types.ts';
import type { ServiceReference, Webhook } from '../../api/admission-registration.ts';
import type { Reader } from '../../store/client.ts';

/** The resolver of the machine that the API server runs on. */
const NAMESERVER = '10.255.255.53:53';
const HTTPS = 443;

const noSuchHost = (host: string) => `dial tcp: lookup ${host} on ${NAMESERVER}: no such host`;
const refused = (address: string, port: number | string) =>
  `dial tcp ${address.includes(':') ? `[${address}]` : address}:${port}: connect: connection refused`;

function serviceProblem(store: Reader, { namespace = '', name = '', port = HTTPS }: ServiceReference): string {
  const service = store.get<Service>('services', namespace, name);
  if (!service) return `service ${JSON.stringify(name)} not found`;
  if (service.spec?.type === 'ExternalName') return noSuchHost(service.spec.externalName ?? '');
  if (!(service.spec?.ports ?? []).some((one) => one.port === port)) {
    return `no service port ${port} found for service ${JSON.stringify(name)}`;
  }
  const address = service.spec?.clusterIP ?? '';
  return address === 'None' ? noSuchHost('None') : refused(address, port);
}

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1)$/;

function urlProblem(url: URL, host: string): string {
  const port = url.port || HTTPS;
  if (host === 'localhost') return refused('127.0.0.1', port);
  if (LOOPBACK.test(host)) return refused(host, port);
  // an address far away never answers
  return /^[\d.]+$/.test(host) || host.includes(':') ? 'context deadline exceeded' : noSuchHost(host);
}

const isPem = (bundle: string) => /-----BEGIN CERTIFICATE-----/.test(Buffer.from(bundle, 'base64').toString('latin1'));

/** Why the call failed, as "failed calling webhook" goes on. */
export function callProblem(store: Reader, { clientConfig = {}, timeoutSeconds = 10 }: Webhook): string {
  const { url, service, caBundle = '' } = clientConfig;
  if (caBundle !== '' && !isPem(caBundle)) {
    return 'could not get REST client: unable to load root certificates: unable to parse bytes as PEM block';
  }
  const failed = (to: string, why: string) => `failed to call webhook: Post "${to}?timeout=${timeoutSeconds}s": ${why}`;
  if (service) {
    const { namespace = '', name = '', path = '', port = HTTPS } = service;
    const at = path.startsWith('/') ? path : `/${path}`;
    return failed(`https://${name}.${namespace}.svc:${port}${at}`, serviceProblem(store, service));
  }
  const parsed = URL.canParse(url ?? '') ? new URL(url ?? '') : undefined;
  if (!parsed) return failed(url ?? '', noSuchHost(''));
  const host = parsed.hostname.replace(/^\[|\]$/g, '');
  return failed(`https://${parsed.host}${parsed.pathname}`, urlProblem(parsed, host));
}
