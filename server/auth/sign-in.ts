import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** How long a browser stays signed in: a month, so that daily practice needs the link once. */
const COOKIE_SECONDS = 30 * 24 * 60 * 60;

/**
 * Signing in as Jupyter does: the server prints a link with a token that is new at each start; opening it leaves a signed cookie.
 * The signing secret outlives the server, so a page that was open when the server restarted goes on working.
 */
export class SignIn {
  readonly token: string;
  /** Cookies do not tell ports apart, so two Drydocks on one machine need two names: server/main.ts adds the port. */
  cookieName = 'drydock';
  readonly #secret: Buffer;
  readonly #now: () => number;

  constructor(options: { secret: Buffer; now: () => number; token?: string }) {
    this.#secret = options.secret;
    this.#now = options.now;
    this.token = options.token ?? randomBytes(24).toString('hex');
  }

  tokenMatches(given: string): boolean {
    // Hashed first: timingSafeEqual wants equal lengths, and the length is nobody's business either.
    return timingSafeEqual(sha256(given), sha256(this.token));
  }

  /** The value of a Set-Cookie header. */
  issueCookie(): string {
    const body = `${this.#now().toString(36)}.${randomBytes(9).toString('base64url')}`;
    const value = `${body}.${this.#sign(body)}`;
    return `${this.cookieName}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${COOKIE_SECONDS}`;
  }

  cookieValid(value: string | undefined): boolean {
    const match = /^(([0-9a-z]{1,12})\.[\w-]{1,32})\.([\w-]{43})$/.exec(value ?? '');
    const [, body, issued, signature] = match ?? [];
    if (body === undefined || issued === undefined || signature === undefined) return false;
    if (!timingSafeEqual(sha256(signature), sha256(this.#sign(body)))) return false;
    const age = this.#now() - Number.parseInt(issued, 36);
    // A minute of tolerance towards the future, for a clock set back after signing in.
    return age <= COOKIE_SECONDS * 1000 && age >= -60_000;
  }

  #sign(body: string): string {
    return createHmac('sha256', this.#secret).update(body).digest('base64url');
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** The secret kept in the data folder, made at the first start; only the owner may read it. */
export function loadSecret(dataDir: string): Buffer {
  const file = path.join(dataDir, 'cookie-secret');
  try {
    const kept = readFileSync(file);
    if (kept.length === 32) return kept;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  mkdirSync(dataDir, { recursive: true });
  const secret = randomBytes(32);
  writeFileSync(file, secret, { mode: 0o600 });
  return secret;
}
