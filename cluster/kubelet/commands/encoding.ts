/** Digests, base64 and compression. */
import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Program } from '../shell/box.ts';
import { readAll } from '../shell/coroutine.ts';
import { inputs } from './input.ts';
import { lasting } from './tool.ts';

const hash = (algorithm: string): Program =>
  lasting(function* sum(tool) {
    for (const name of tool.operands.length === 0 ? ['-'] : tool.operands) {
      const text = yield* tool.input(name, (error) =>
        tool.gnu ? `${name}: ${error.message}` : `can't open '${name}': ${error.message}`,
      );
      if (text !== undefined)
        tool.out(`${createHash(algorithm).update(Buffer.from(text, 'latin1')).digest('hex')}  ${name}\n`);
    }
  });

export const ENCODING: Readonly<Record<string, Program>> = {
  base64: lasting(function* base64(tool) {
    const text = yield* inputs(tool, tool.operands);
    if (tool.has('d', 'decode')) tool.out(Buffer.from(text, 'base64').toString('latin1'));
    else {
      const encoded = Buffer.from(text, 'latin1').toString('base64');
      tool.out(tool.values.get('w') === '0' ? encoded : `${encoded.match(/.{1,76}/g)?.join('\n') ?? ''}\n`);
    }
  }, 'w'),
  gzip: lasting(function* gzip(tool) {
    const text = yield* readAll(tool.context.io.stdin);
    tool.out(
      tool.has('d')
        ? gunzipSync(Buffer.from(text, 'latin1')).toString('latin1')
        : gzipSync(Buffer.from(text, 'latin1')).toString('latin1'),
    );
  }),
  md5sum: hash('md5'),
  sha1sum: hash('sha1'),
  sha256sum: hash('sha256'),
  sha512sum: hash('sha512'),
};
