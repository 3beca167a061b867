/** What a Gateway's controller finds about its listeners: names and ports that clash, certificates, how many routes. */
import type { Secret } from '../../api/types.ts';
import {
  GROUP,
  isGranted,
  REFERENCE_GRANTS,
  type Gateway,
  type Listener,
  type ReferenceGrant,
} from '../../network/http/gateway-types.ts';
import type { Reader } from '../../store/client.ts';
import { no, yes, type Told } from './conditions.ts';

const SUPPORTED: Readonly<Record<string, readonly string[]>> = {
  HTTP: ['HTTPRoute', 'GRPCRoute'],
  HTTPS: ['HTTPRoute', 'GRPCRoute'],
  TLS: ['TLSRoute'],
};

export const kindsOf = ({ protocol, allowedRoutes }: Listener): { group: string; kind: string }[] => {
  const supported = SUPPORTED[protocol] ?? [];
  const asked = allowedRoutes?.kinds ?? [];
  const kinds =
    asked.length === 0 ? supported : asked.map(({ kind }) => kind).filter((kind) => supported.includes(kind));
  return kinds.map((kind) => ({ group: GROUP, kind }));
};

/** Why its certificate can't be used. */
function certificateProblem(store: Reader, gateway: Gateway, { tls }: Listener): Told | undefined {
  const [ref] = tls?.certificateRefs ?? [];
  const at = 'tls.certificateRefs[0]';
  if (!ref)
    return no(
      'ResolvedRefs',
      'InvalidCertificateRef',
      'tls.certificateRefs: Required value: certificateRefs must be defined for TLS mode terminate',
    );
  const own = gateway.metadata.namespace ?? '';
  const namespace = ref.namespace ?? own;
  const from = { group: GROUP, kind: 'Gateway', namespace: own };
  const to = { group: ref.group ?? '', kind: ref.kind ?? 'Secret', namespace, name: ref.name };
  if (!isGranted(store.list<ReferenceGrant>(REFERENCE_GRANTS), from, to)) {
    return no(
      'ResolvedRefs',
      'RefNotPermitted',
      `Certificate ref to secret ${namespace}/${ref.name} not permitted by any ReferenceGrant`,
    );
  }
  const secret = store.get<Secret>('secrets', namespace, ref.name);
  const problem =
    secret === undefined
      ? 'secret does not exist'
      : secret.type !== 'kubernetes.io/tls'
        ? `unsupported secret type "${secret.type}"`
        : undefined;
  if (problem === undefined) return undefined;
  return no(
    'ResolvedRefs',
    'InvalidCertificateRef',
    `${at}: Invalid value: {"namespace":"${namespace}","name":"${ref.name}"}: ${problem}`,
  );
}

/** The listener's own conditions; valid: it takes connections. */
export function judgedListener(store: Reader, gateway: Gateway, listener: Listener): { told: Told[]; valid: boolean } {
  const others = (gateway.spec?.listeners ?? []).filter((one) => one !== listener && one.port === listener.port);
  const protocols = others.some(({ protocol }) => protocol !== listener.protocol);
  const hosts = others.some(({ hostname = '' }) => hostname === (listener.hostname ?? ''));
  if (!(listener.protocol in SUPPORTED)) {
    const message = `protocol: Unsupported value: "${listener.protocol}": supported values: "HTTP", "HTTPS", "TLS"`;
    return {
      valid: false,
      told: [
        no('Accepted', 'UnsupportedProtocol', message),
        no('Programmed', 'Invalid', message),
        yes('ResolvedRefs', 'ResolvedRefs', 'All references are resolved'),
        no('Conflicted', 'NoConflicts', 'No conflicts'),
      ],
    };
  }
  if (protocols || hosts) {
    const reason = protocols ? 'ProtocolConflict' : 'HostnameConflict';
    const message = protocols
      ? `Multiple listeners for the same port ${listener.port} specify incompatible protocols; ensure only one protocol per port`
      : `Multiple listeners for the same port ${listener.port} use the same hostname`;
    return {
      valid: false,
      told: [
        no('Accepted', reason, message),
        no('Programmed', 'Invalid', message),
        yes('ResolvedRefs', 'ResolvedRefs', 'All references are resolved'),
        yes('Conflicted', reason, message),
      ],
    };
  }
  const certificate = listener.protocol === 'HTTPS' ? certificateProblem(store, gateway, listener) : undefined;
  if (certificate) {
    return {
      valid: false,
      told: [
        no('Accepted', certificate.reason, certificate.message),
        no('Programmed', 'Invalid', certificate.message),
        certificate,
        no('Conflicted', 'NoConflicts', 'No conflicts'),
      ],
    };
  }
  return {
    valid: true,
    told: [
      yes('Accepted', 'Accepted', 'The Listener is accepted'),
      yes('Programmed', 'Programmed', 'The Listener is programmed'),
      yes('ResolvedRefs', 'ResolvedRefs', 'All references are resolved'),
      no('Conflicted', 'NoConflicts', 'No conflicts'),
    ],
  };
}
