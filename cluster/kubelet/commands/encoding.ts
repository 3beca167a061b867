/** Digests, base64 and compression. */
import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Program } from '../shell/box.ts';
import { readAll, type Wait } from '../shell/coroutine.ts';
import { inputs } from './input.ts';
import { lasting, linesOf, type Tool } from './tool.ts';

const hash = (algorithm: string): Program =>
  lasting(function* sum(tool) {
    if (tool.has('c', 'check')) {
      let failed = 0;
      for (const line of linesOf(yield* inputs(tool, tool.operands))) {
        const [, wanted = '', name = ''] = /^([0-9a-f]+) [ *](.*)$/.exec(line) ?? [];
        const text = yield* tool.input(name, (error) =>
          tool.gnu ? `${name}: ${error.message}` : `can't open '${name}': ${error.message}`,
        );
        const fits =
          text !== undefined && createHash(algorithm).update(Buffer.from(text, 'latin1')).digest('hex') === wanted;
        if (!fits) failed++;
        if (!fits || !tool.has('s', 'quiet', 'status')) tool.out(`${name}: ${fits ? 'OK' : 'FAILED'}\n`);
      }
      if (failed > 0)
        tool.problem(
          tool.gnu
            ? `WARNING: ${failed} computed checksum did NOT match`
            : `WARNING: ${failed} of ${failed} computed checksums did NOT match`,
        );
      return;
    }
    for (const name of tool.operands.length === 0 ? ['-'] : tool.operands) {
      const text = yield* tool.input(name, (error) =>
        tool.gnu ? `${name}: ${error.message}` : `can't open '${name}': ${error.message}`,
      );
      if (text !== undefined)
        tool.out(`${createHash(algorithm).update(Buffer.from(text, 'latin1')).digest('hex')}  ${name}\n`);
    }
  });

/** Bytes of a text that was packed: no more come out of it. */
const LARGEST = 32 * 1024 * 1024;

function* zip(tool: Tool): Generator<Wait, number, void> {
  const unpacks = tool.name !== 'gzip' || tool.has('d');
  const turned = (text: string): string | undefined => {
    if (!unpacks) return gzipSync(Buffer.from(text, 'latin1')).toString('latin1');
    try {
      return gunzipSync(Buffer.from(text, 'latin1'), { maxOutputLength: LARGEST }).toString('latin1');
    } catch {
      // nothing that was packed, or cut off
      return undefined;
    }
  };
  const bad = (name: string) => tool.problem(tool.gnu ? `${name}: not in gzip format` : 'invalid magic');
  for (const name of tool.operands.length === 0 ? ['-'] : tool.operands) {
    const text =
      name === '-'
        ? yield* readAll(tool.context.io.stdin)
        : yield* tool.input(name, (error) => `${name}: ${error.message}`);
    if (text === undefined) continue;
    const made = turned(text);
    if (made === undefined) bad(name === '-' ? 'stdin' : name);
    else if (name === '-' || tool.has('c') || tool.name === 'zcat') tool.out(made);
    else if (unpacks && !name.endsWith('.gz'))
      tool.problem(tool.gnu ? `${name}: unknown suffix -- ignored` : `${name}: unknown suffix - ignored`);
    else {
      const target = unpacks ? name.slice(0, -3) : `${name}.gz`;
      const written = tool.attempt(
        () => {
          tool.box.files.write(tool.path(target), made);
          return true;
        },
        (error) => `${target}: ${error.message}`,
      );
      if (written && !tool.has('k')) tool.box.files.remove(tool.path(name));
    }
  }
  return tool.code;
}

export const ENCODING: Readonly<Record<string, Program>> = {
  base64: lasting(function* base64(tool) {
    const text = yield* inputs(tool, tool.operands);
    if (tool.has('d', 'decode')) tool.out(Buffer.from(text, 'base64').toString('latin1'));
    else {
      const encoded = Buffer.from(text, 'latin1').toString('base64');
      tool.out(tool.values.get('w') === '0' ? encoded : `${encoded.match(/.{1,76}/g)?.join('\n') ?? ''}\n`);
    }
  }, 'w'),
  gzip: lasting(zip),
  gunzip: lasting(zip),
  zcat: lasting(zip),
  md5sum: hash('md5'),
  sha1sum: hash('sha1'),
  sha256sum: hash('sha256'),
  sha512sum: hash('sha512'),
};
