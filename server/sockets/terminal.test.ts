import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { CLOSE, decodeFrame, encodeFrame, type ClientFrame } from '#app/_terminal/protocol.ts';
import type { TerminalSink, Workspace } from '#workspace/index.ts';
import { handleTerminal } from './terminal.ts';

/** A workspace that notes what it is told, and lets the test speak as its shell. */
function fakeWorkspace() {
  const told: string[] = [];
  const sinks: TerminalSink[] = [];
  let tell: () => void = () => undefined;
  const note = (what: string): void => {
    told.push(what);
    tell();
  };
  const workspace: Workspace = {
    id: 'fake',
    closed: false,
    terminals: ['1'],
    endTerminal(name) {
      note(`end ${name}`);
      return Promise.resolve();
    },
    run: () => Promise.reject(new Error('not here')),
    inputs: 0,
    asleep: false,
    say: () => undefined,
    sleep: () => Promise.resolve(),
    screens: () => Promise.resolve({}),
    close: () => Promise.resolve(),
    attach(sink, { cols, rows }, { terminal, lead = true } = {}) {
      sinks.push(sink);
      note(`attach ${cols}x${rows}${lead ? '' : ' watching'}${terminal === '1' ? '' : ` ${terminal}`}`);
      sink.lead({ cols, rows, leading: lead });
      sink.snapshot({ cols, rows, data: 'before' });
      return {
        write: (data) => note(`write ${Buffer.from(data).toString()}`),
        resize: (size) => note(`resize ${size.cols}x${size.rows}`),
        ack: (bytes) => note(`ack ${bytes}`),
        restart: () => note('restart'),
        lead() {
          sink.lead({ cols, rows, leading: true });
          note('lead');
        },
        detach: () => note('detach'),
      };
    },
  };
  return {
    workspace,
    sinks,
    told,
    async until(what: string): Promise<void> {
      while (!told.includes(what)) {
        await new Promise<void>((resolve) => {
          tell = resolve;
        });
      }
    },
  };
}

let server: WebSocketServer;
let fake: ReturnType<typeof fakeWorkspace>;
let page: WebSocket;
let frames: Record<string, unknown>[];

beforeEach(async () => {
  fake = fakeWorkspace();
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (socket) => handleTerminal({ socket, workspace: fake.workspace }));
  await once(server, 'listening');
  page = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  frames = [];
  page.on('message', (data: Buffer) => frames.push({ ...decodeFrame(data) }));
  await once(page, 'open');
});

afterEach(async () => {
  page.terminate();
  for (const socket of server.clients) socket.terminate();
  server.close();
  await once(server, 'close');
});

const say = (...messages: ClientFrame[]): void => {
  for (const message of messages) page.send(encodeFrame(message));
};
const closing = async (): Promise<[number, string]> => {
  const [code, reason] = (await once(page, 'close')) as [number, Buffer];
  return [code, reason.toString()];
};

test('what a page says reaches the terminal in order', async () => {
  say(
    { type: 'resize', cols: 90, rows: 30 },
    { type: 'input', data: Buffer.from('한글\r') },
    { type: 'ack', bytes: 12 },
    { type: 'resize', cols: 91, rows: 31 },
    { type: 'restart' },
    { type: 'close' },
  );
  await fake.until('end 1');
  expect(fake.told).toEqual(['attach 90x30', 'write 한글\r', 'ack 12', 'resize 91x31', 'restart', 'end 1']);
  page.close();
  await fake.until('detach');
});

test('only the page that leads types: what another sends is dropped, and each byte taken is confirmed', async () => {
  say({ type: 'resize', cols: 90, rows: 30, lead: false }, { type: 'input', data: Buffer.from('lost') });
  say({ type: 'lead' }, { type: 'input', data: Buffer.from('kept') });
  await fake.until('write kept');
  expect(fake.told).toEqual(['attach 90x30 watching', 'lead', 'write kept']);
  page.close();
  await fake.until('detach');
  expect(frames).toEqual([
    { type: 'notice', cols: 90, rows: 30, leading: false },
    { type: 'snapshot', cols: 90, rows: 30, data: 'before' },
    { type: 'notice', cols: 90, rows: 30, leading: true },
    { type: 'received', bytes: 4 },
  ]);
});

test('a page that comes back leads again if nobody took over meanwhile', async () => {
  say({ type: 'resize', cols: 90, rows: 30, page: 'one' });
  await fake.until('attach 90x30');
  const back = async (name: string, size: string): Promise<void> => {
    const other = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await once(other, 'open');
    const [cols, rows] = size.split('x').map(Number);
    other.send(encodeFrame({ type: 'resize', cols: cols ?? 0, rows: rows ?? 0, lead: false, page: name }));
    await fake.until(`attach ${size}${name === 'one' ? '' : ' watching'}`);
    other.close();
  };
  await back('two', '81x24');
  await back('one', '82x24');
});

test('a terminal that was closed while its workspace goes on says so', async () => {
  say({ type: 'resize', cols: 80, rows: 24 });
  await fake.until('attach 80x24');
  Object.assign(fake.workspace, { terminals: ['2'] });
  fake.sinks[0]?.closed();
  expect(await closing()).toEqual([CLOSE.terminalClosed, 'terminal closed']);
});

test('what the terminal says reaches the page in order', async () => {
  say({ type: 'resize', cols: 90, rows: 30 });
  await fake.until('attach 90x30');
  fake.sinks[0]?.output(Buffer.from('out'));
  fake.sinks[0]?.exit({ exitCode: 3, signal: 0 });
  fake.sinks[0]?.closed();
  expect(await closing()).toEqual([CLOSE.workspaceClosed, 'workspace closed']);
  expect(frames).toEqual([
    { type: 'notice', cols: 90, rows: 30, leading: true },
    { type: 'snapshot', cols: 90, rows: 30, data: 'before' },
    { type: 'output', data: Buffer.from('out') },
    { type: 'exit', exitCode: 3, signal: 0 },
  ]);
});

const resize = Buffer.from(encodeFrame({ type: 'resize', cols: 80, rows: 24 }));
const json = (kind: number, text: string): Buffer => Buffer.concat([Buffer.from([kind]), Buffer.from(text)]);
const unknown = 'a frame the terminal protocol does not know';

test.each<{ name: string; messages: (Buffer | string)[]; reason: string }>([
  { name: 'text', messages: ['hello'], reason: 'not a binary frame' },
  { name: 'nothing', messages: [Buffer.alloc(0)], reason: unknown },
  { name: 'an unknown kind', messages: [resize, Buffer.from([0x7f])], reason: unknown },
  { name: 'a server’s frame', messages: [resize, Buffer.from([0x81, 1])], reason: unknown },
  { name: 'input before a size', messages: [json(0x01, 'ls\r')], reason: 'the first frame must be a resize' },
  { name: 'a size of no columns', messages: [json(0x02, '{"cols":0,"rows":24}')], reason: unknown },
  { name: 'a size in words', messages: [json(0x02, '{"cols":"80","rows":24}')], reason: unknown },
  { name: 'a lead that is no yes or no', messages: [json(0x02, '{"cols":80,"rows":24,"lead":1}')], reason: unknown },
  { name: 'half a column', messages: [json(0x02, '{"cols":80.5,"rows":24}')], reason: unknown },
  { name: 'a negative acknowledgement', messages: [resize, json(0x03, '{"bytes":-1}')], reason: unknown },
  { name: 'broken JSON', messages: [resize, json(0x02, '{"cols":')], reason: unknown },
  { name: 'a frame too long', messages: [resize, Buffer.alloc(70_000, 1)], reason: 'a frame of more than 65536 bytes' },
])('closed with a reason: $name', async ({ messages, reason }) => {
  for (const message of messages) page.send(message);
  expect(await closing()).toEqual([CLOSE.malformed, reason]);
  expect(frames.at(-1)).toEqual({ type: 'error', code: reason, message: reason });
  if (messages[0] === resize) await fake.until('detach');
});

test('a workspace that was closed meanwhile says so', async () => {
  Object.assign(fake.workspace, { closed: true });
  say({ type: 'resize', cols: 80, rows: 24 });
  expect(await closing()).toEqual([CLOSE.workspaceClosed, 'workspace closed']);
});
