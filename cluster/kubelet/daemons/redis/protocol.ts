/** RESP, Redis' protocol: commands as they come in, replies as they go out and back. */

export type Reply =
  | { kind: 'status'; text: string }
  | { kind: 'error'; text: string }
  | { kind: 'integer'; value: number }
  | { kind: 'bulk'; text: string }
  | { kind: 'nil' }
  | { kind: 'array'; items: readonly Reply[] };

export const status = (text: string): Reply => ({ kind: 'status', text });
export const OK: Reply = status('OK');
export const NIL: Reply = { kind: 'nil' };
export const error = (text: string): Reply => ({ kind: 'error', text });
export const integer = (value: number): Reply => ({ kind: 'integer', value });
export const bulk = (text: string | undefined): Reply => (text === undefined ? NIL : { kind: 'bulk', text });
export const bulks = (texts: readonly (string | undefined)[]): Reply => ({ kind: 'array', items: texts.map(bulk) });

export function encode(reply: Reply): string {
  switch (reply.kind) {
    case 'status':
      return `+${reply.text}\r\n`;
    case 'error':
      return `-${reply.text}\r\n`;
    case 'integer':
      return `:${reply.value}\r\n`;
    case 'bulk':
      return `$${reply.text.length}\r\n${reply.text}\r\n`;
    case 'nil':
      return '$-1\r\n';
    default:
      return `*${reply.items.length}\r\n${reply.items.map(encode).join('')}`;
  }
}
export const command = (words: readonly string[]): string => encode(bulks(words));

/** A reply at the start of what was said, and how much of it that took. undefined: it is not whole. */
export function decode(text: string, from = 0): { reply: Reply; end: number } | undefined {
  const line = text.indexOf('\r\n', from);
  if (line === -1) return undefined;
  const rest = text.slice(from + 1, line);
  const end = line + 2;
  switch (text.charAt(from)) {
    case '+':
      return { reply: status(rest), end };
    case '-':
      return { reply: error(rest), end };
    case ':':
      return { reply: integer(Number(rest)), end };
    case '$': {
      const length = Number(rest);
      if (length < 0) return { reply: NIL, end };
      if (text.length < end + length + 2) return undefined;
      return { reply: bulk(text.slice(end, end + length)), end: end + length + 2 };
    }
    case '*': {
      const items: Reply[] = [];
      let at = end;
      for (let left = Number(rest); left > 0; left--) {
        const item = decode(text, at);
        if (item === undefined) return undefined;
        items.push(item.reply);
        at = item.end;
      }
      return { reply: { kind: 'array', items }, end: at };
    }
    default:
      return { reply: error(`Protocol error, got ${JSON.stringify(text.charAt(from))} as reply type byte`), end };
  }
}

/** Words of a line as redis-cli and inline commands have them: with quotes. undefined: quotes that do not match. */
export function splitWords(line: string): string[] | undefined {
  const words: string[] = [];
  const pattern = /\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\s"']+))(?=\s|$)/y;
  let at = 0;
  const text = line.trim();
  while (at < text.length) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) return undefined;
    const [all, double, single, bare] = match;
    words.push(
      double === undefined
        ? (single?.replace(/\\'/g, "'") ?? bare ?? '')
        : double.replace(/\\(x[0-9a-f]{2}|.)/gi, (_all, code: string) =>
            code.length === 3
              ? String.fromCharCode(Number.parseInt(code.slice(1), 16))
              : ({ n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b' }[code] ?? code),
          ),
    );
    at += all.length;
  }
  return words;
}

/** As redis-cli shows text on a terminal. */
export const quoted = (text: string): string =>
  `"${text.replace(/[^\x20-\x7e]|["\\]/g, (char) => ({ '\n': '\\n', '\r': '\\r', '\t': '\\t', '"': '\\"', '\\': '\\\\' })[char] ?? `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`)}"`;

/** On a terminal. */
export function shown(reply: Reply, indent = ''): string {
  switch (reply.kind) {
    case 'status':
      return `${reply.text}\n`;
    case 'error':
      return `(error) ${reply.text}\n`;
    case 'integer':
      return `(integer) ${reply.value}\n`;
    case 'nil':
      return '(nil)\n';
    case 'bulk':
      return `${quoted(reply.text)}\n`;
    default: {
      if (reply.items.length === 0) return '(empty array)\n';
      const width = String(reply.items.length).length;
      return reply.items
        .map((item, index) => {
          const number = `${String(index + 1).padStart(width)}) `;
          return `${index === 0 ? '' : indent}${number}${shown(item, indent + ' '.repeat(number.length))}`;
        })
        .join('');
    }
  }
}
/** Into a pipe. */
export function raw(reply: Reply): string {
  if (reply.kind === 'array') return reply.items.length === 0 ? '\n' : reply.items.map(raw).join('');
  if (reply.kind === 'integer') return `${reply.value}\n`;
  if (reply.kind === 'error') return `${reply.text}\n\n`;
  return reply.kind === 'nil' ? '\n' : `${reply.text}\n`;
}
