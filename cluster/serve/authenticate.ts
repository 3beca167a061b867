/** Who sends a request: by the certificate of its connection, by its bearer token, or nobody in particular. */
import { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { UserInfo } from '../admission/plugin.ts';
import { unauthorized } from '../api/status.ts';
import { readSubject } from '../x509/certificate.ts';

export interface AuthenticationOptions {
  /** PEM of the authority that signs the certificates of clients. */
  authority: string;
  /** Who a bearer token stands for; undefined: nobody. */
  tokenUser(token: string): UserInfo | undefined;
  /** Milliseconds since 1970, by the cluster's clock: certificates end by it. */
  now(): number;
}

export const ANONYMOUS: UserInfo = { username: 'system:anonymous', groups: ['system:unauthenticated'] };
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const ANY_USE = '2.5.29.37.0';
const SPACED = 'the provided Authorization header contains extra space before the bearer token, and is ignored';

/** A client's certificate that the authority has signed, and when it is good. Times in milliseconds since 1970. */
interface Presented {
  /** undefined: a certificate without a name stands for nobody. */
  user: UserInfo | undefined;
  from: number;
  until: number;
}

export interface Authentication {
  user: UserInfo;
  /** A sentence for the Warning header. */
  warning?: string;
}

/** Browsers cannot send an Authorization header with a WebSocket: the token travels as one of its subprotocols. */
const PROTOCOL = 'sec-websocket-protocol';
const BEARER = 'base64url.bearer.authorization.k8s.io.';

/** The token among the subprotocols, and the others; 'bad': in a form that no client may use. undefined: there is none. */
function protocolToken({ headers }: IncomingMessage): { token: string; others: string[] } | 'bad' | undefined {
  if (headers.upgrade?.toLowerCase() !== 'websocket') return undefined;
  const protocols = (headers[PROTOCOL] ?? '').split(',').map((one) => one.trim());
  const [bearer, ...more] = protocols.filter((one) => one.startsWith(BEARER));
  if (bearer === undefined) return undefined;
  const others = protocols.filter((one) => !one.startsWith(BEARER));
  const encoded = bearer.slice(BEARER.length);
  if (encoded === '') return undefined;
  // one has to be left that the server can agree to
  if (more.length > 0 || others.length === 0 || !/^[\w-]+$/.test(encoded)) return 'bad';
  return { token: Buffer.from(encoded, 'base64url').toString(), others };
}

/** Says of each request who it is from. @throws StatusError 401 for a certificate or token that is no good */
export function makeAuthenticator({ authority, tokenUser, now }: AuthenticationOptions) {
  const issuer = new X509Certificate(authority);
  // undefined: presented, and not signed by the authority
  const known = new WeakMap<TLSSocket, { presented: Presented | undefined }>();

  function read(certificate: X509Certificate): Presented | undefined {
    const signed = certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
    const uses = (certificate.keyUsage as string[] | undefined) ?? [];
    if (!signed || (uses.length > 0 && !uses.includes(CLIENT_AUTH) && !uses.includes(ANY_USE))) return undefined;
    const { commonName, organization } = readSubject(certificate.raw);
    const username = commonName[0] ?? '';
    const digest = certificate.fingerprint256.replaceAll(':', '').toLowerCase();
    const user: UserInfo = {
      username,
      groups: [...organization, 'system:authenticated'],
      extra: { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${digest}`] },
    };
    return {
      user: username === '' ? undefined : user,
      from: Date.parse(certificate.validFrom),
      until: Date.parse(certificate.validTo),
    };
  }

  /** 'none': no certificate, or one that says nothing. */
  function byCertificate(socket: TLSSocket): UserInfo | 'none' | 'bad' {
    let entry = known.get(socket);
    if (!entry) {
      const certificate = socket.getPeerX509Certificate();
      if (!certificate) return 'none';
      entry = { presented: read(certificate) };
      known.set(socket, entry);
    }
    const { presented } = entry;
    // issued by a cluster that runs ahead of the wall, or on the wall for one that stands still
    const early = Math.max(now(), Date.now()) < (presented?.from ?? 0);
    if (!presented || early || now() > presented.until) return 'bad';
    return presented.user ?? 'none';
  }

  return (request: IncomingMessage): Authentication => {
    const byTls = byCertificate(request.socket as TLSSocket);
    if (typeof byTls === 'object') return { user: byTls };
    const [scheme = '', token, more] = (request.headers.authorization ?? '').trim().split(' ', 3);
    const bears = scheme.toLowerCase() === 'bearer' && token !== undefined;
    const user = bears && token !== '' ? tokenUser(token) : undefined;
    if (user) return { user };
    const protocol = protocolToken(request);
    const byProtocol = typeof protocol === 'object' ? tokenUser(protocol.token) : undefined;
    if (typeof protocol === 'object' && byProtocol) {
      request.headers[PROTOCOL] = protocol.others.join(', ');
      return { user: byProtocol };
    }
    if (protocol !== undefined || byTls === 'bad' || (bears && token !== '')) throw unauthorized();
    return { user: ANONYMOUS, ...(bears && more !== undefined ? { warning: SPACED } : {}) };
  };
}
