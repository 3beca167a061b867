import { expect, test } from '@jest/globals';
import { assert, boolean, integer, oneof, property, record, string, uint8Array, constant } from 'fast-check';
import { decodeFrame, encodeFrame, INPUT_BYTES, inputFrames, type ClientFrame, type ServerFrame } from './protocol.ts';

const size = { cols: integer(), rows: integer() };
const message = oneof(
  record({ type: constant('input' as const), data: uint8Array() }),
  record({ type: constant('resize' as const), ...size }),
  record({ type: constant('ack' as const), bytes: integer() }),
  record({ type: constant('restart' as const) }),
  record({ type: constant('lead' as const) }),
  record({ type: constant('close' as const) }),
  record({ type: constant('received' as const), bytes: integer() }),
  record({ type: constant('output' as const), data: uint8Array() }),
  record({ type: constant('snapshot' as const), ...size, data: string({ unit: 'grapheme' }) }),
  record({ type: constant('exit' as const), exitCode: integer(), signal: integer() }),
  record({ type: constant('error' as const), code: string(), message: string({ unit: 'grapheme' }) }),
  record({ type: constant('notice' as const), ...size, leading: boolean() }),
);

test('a frame decodes to what was encoded', () => {
  assert(
    property(message, (sent: ClientFrame | ServerFrame) => {
      expect({ ...decodeFrame(encodeFrame(sent)) }).toEqual({ ...sent });
    }),
  );
});

test('any bytes decode to a frame or to undefined, never to an error', () => {
  assert(
    property(uint8Array(), (bytes) => {
      const frame = decodeFrame(bytes);
      expect(frame === undefined || typeof frame.type === 'string').toBe(true);
    }),
  );
});

const text = (body: string, kind: number): Uint8Array => new Uint8Array([kind, ...new TextEncoder().encode(body)]);

test.each([
  { name: 'nothing', bytes: new Uint8Array(0) },
  { name: 'an unknown kind', bytes: new Uint8Array([0x7f, 1]) },
  { name: 'a resize that is no JSON', bytes: text('{cols', 0x02) },
  { name: 'a resize that is a list', bytes: text('[80,24]', 0x02) },
  { name: 'a resize that is null', bytes: text('null', 0x02) },
  { name: 'a resize in broken UTF-8', bytes: new Uint8Array([0x02, 0xff, 0xfe]) },
  { name: 'a lead with a body', bytes: new Uint8Array([0x05, 1]) },
  { name: 'a restart with a body', bytes: new Uint8Array([0x04, 1]) },
])('no frame: $name', ({ bytes }) => {
  expect(decodeFrame(bytes)).toBeUndefined();
});

test('a type in the body does not replace the kind', () => {
  expect(decodeFrame(text('{"type":"restart","bytes":1}', 0x03))).toEqual({ type: 'ack', bytes: 1 });
});

test('a long paste is cut into frames that put together are the paste', () => {
  const paste = '한글 붙여넣기 '.repeat(3000);
  const frames = inputFrames(paste);
  expect(frames.length).toBeGreaterThan(1);
  const bytes = frames.flatMap((each) => (each.type === 'input' ? [...each.data] : []));
  expect(new TextDecoder().decode(new Uint8Array(bytes))).toBe(paste);
  for (const each of frames) expect(each.type === 'input' && each.data.length <= INPUT_BYTES).toBe(true);
});
