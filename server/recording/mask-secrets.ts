/**
 * Puts stars in place of secrets in what a terminal showed, one for each character, so that nothing moves on the screen. It knows tokens (JWTs,
 * bootstrap tokens, what follows `token:` and `Bearer`) and private keys, as PEM and as base64 of it in kubeconfigs and Secrets. It sees text,
 * not screens: a key that an editor shows in pieces, or one character a second, may get past it.
 */
const ESCAPE =
  // oxlint-disable-next-line no-control-regex -- terminal sequences begin with one
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[ -/]+[0-~]|[0-Z\\-~])/g;

/** The first group is the secret; without one, the whole. */
const SECRETS: readonly RegExp[] = [
  // A JWT, its first part at least; and base64 of one, as a Secret has it.
  /eyJ[\w-]{20,}(?:\.[\w-]*){0,2}/dg,
  /ZXlK[A-Za-z0-9+/=]{28,}/dg,
  // Base64 of PEM that is neither a certificate nor a public key. An editor may break it into rows.
  /LS0tLS1CRUdJTiB(?!DRVJU|QVUJM)[A-Za-z0-9+/=]{20,}(?:\s+[A-Za-z0-9+/=]{20,})*/dg,
  /(?:\btoken["']?\s*[:=]\s*["']?|--token[= ]|\bBearer )([\w.~+/=-]{16,})/dgi,
  // kubeadm's.
  /(?<![\w.-])[a-z0-9]{6}\.[a-z0-9]{16}(?![\w.-])/dg,
];
const KEY_BEGIN = /-----BEGIN [A-Z ]*PRIVATE KEY-----/g;
const KEY_END = /-----END [A-Z ]*PRIVATE KEY-----/g;
/** Characters of a key whose end never comes: an RSA key of 8192 bits is shorter. */
const LONGEST_KEY = 8_192;

export interface Masker {
  /** What comes next, in pieces that are best cut at ends of lines: a secret over two calls is not seen, but for a PEM key. */
  mask(text: string): string;
}

export function createMasker(): Masker {
  /** Characters that may still belong to a PEM key that has begun. */
  let inKey = 0;
  return {
    mask(text) {
      const hidden = new Uint8Array(text.length);
      const { plain, at } = visible(text);
      const hide = (from: number, to: number): void => {
        for (let index = from; index < to; index += 1) {
          if (/\S/.test(plain[index] ?? '')) hidden[at[index] ?? 0] = 1;
        }
      };
      for (const pattern of SECRETS) {
        for (const match of plain.matchAll(pattern)) {
          const [from, to] = match.indices?.[1] ?? match.indices?.[0] ?? [0, 0];
          hide(from, to);
        }
      }
      let from = inKey > 0 ? 0 : endOf(KEY_BEGIN, plain, 0);
      while (from !== undefined) {
        const most = from + (inKey > 0 ? inKey : LONGEST_KEY);
        KEY_END.lastIndex = from;
        const end = KEY_END.exec(plain)?.index ?? plain.length;
        const to = Math.min(end, most);
        hide(from, to);
        inKey = end === plain.length ? Math.max(0, most - plain.length) : 0;
        from = end === plain.length ? undefined : endOf(KEY_BEGIN, plain, to);
      }
      return hidden.includes(1)
        ? [...splitUnits(text)].map((unit, index) => (hidden[index] ? '*' : unit)).join('')
        : text;
    },
  };
}

/** UTF-16 units: the positions that patterns speak of. */
const splitUnits = (text: string): string[] => text.split('');

function endOf(pattern: RegExp, text: string, from: number): number | undefined {
  pattern.lastIndex = from;
  const match = pattern.exec(text);
  return match === null ? undefined : match.index + match[0].length;
}

/** The text without terminal sequences, and where each of its characters was. */
function visible(text: string): { plain: string; at: number[] } {
  let plain = '';
  const at: number[] = [];
  const take = (from: number, to: number): void => {
    plain += text.slice(from, to);
    for (let index = from; index < to; index += 1) at.push(index);
  };
  let from = 0;
  for (const match of text.matchAll(ESCAPE)) {
    take(from, match.index);
    from = match.index + match[0].length;
  }
  take(from, text.length);
  return { plain, at };
}
