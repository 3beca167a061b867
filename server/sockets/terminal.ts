import type { RawData, WebSocket } from 'ws';
import { z } from 'zod';
import { CLIENT_FRAME_BYTES, CLOSE, decodeFrame, encodeFrame, type ServerFrame } from '#app/_terminal/protocol.ts';
import { TooManyScreensError, type Attachment, type TerminalSink, type Workspace } from '#workspace/index.ts';

/** Milliseconds between pings; a connection that answered none since the last one is dropped. Proxies cut idle ones after 60 s. */
const PING_MS = 20_000;
/** Milliseconds in which the first frame, the size, must come. */
const FIRST_FRAME_MS = 10_000;
/** Bytes queued for one page at which it is dropped: flow control holds output under 256 KB, so this much is snapshots nobody reads. */
const QUEUED_BYTES = 8 * 1024 * 1024;

/** Frames of one page in a second: acknowledging 50 MB/s takes 3,200, a fast typist 20. */
const FRAMES_A_SECOND = 5_000;

const cells = z.number().int().min(1).max(10_000);
const clientFrame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('input'), data: z.instanceof(Uint8Array) }),
  z.object({ type: z.literal('resize'), cols: cells, rows: cells }),
  z.object({ type: z.literal('ack'), bytes: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER) }),
  z.object({ type: z.literal('restart') }),
]);

/**
 * Ties an accepted WebSocket to a workspace's terminal until either ends. Whether this person may see this workspace was decided by the caller.
 * Frames that the protocol does not know close the connection with a code and a reason (CLOSE).
 */
export function handleTerminal({ socket, workspace }: { socket: WebSocket; workspace: Workspace }): void {
  let attachment: Attachment | undefined;
  let answered = true;
  socket.binaryType = 'nodebuffer';

  const send = (frame: ServerFrame): void => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > QUEUED_BYTES) {
      socket.terminate();
      return;
    }
    socket.send(encodeFrame(frame));
  };
  const refuse = (code: number, reason: string): void => {
    send({ type: 'error', code: reason, message: reason });
    socket.close(code, reason);
  };

  const first = setTimeout(() => refuse(CLOSE.silent, 'no size came'), FIRST_FRAME_MS);
  let frames = 0;
  const counting = setInterval(() => {
    frames = 0;
  }, 1_000);
  const pings = setInterval(() => {
    if (!answered) {
      socket.terminate();
      return;
    }
    answered = false;
    socket.ping();
  }, PING_MS);
  socket.on('pong', () => {
    answered = true;
  });

  const attach = (size: { cols: number; rows: number }): void => {
    clearTimeout(first);
    if (workspace.closed) {
      socket.close(CLOSE.workspaceClosed, 'workspace closed');
      return;
    }
    const sink: TerminalSink = {
      snapshot: (screen) => send({ type: 'snapshot', ...screen }),
      output: (data) => send({ type: 'output', data }),
      lead: (state) => send({ type: 'notice', ...state }),
      exit: (exit) => send({ type: 'exit', ...exit }),
      closed: () => socket.close(CLOSE.workspaceClosed, 'workspace closed'),
    };
    try {
      attachment = workspace.attach(sink, size);
    } catch (error) {
      if (!(error instanceof TooManyScreensError)) throw error;
      refuse(CLOSE.tooMany, error.message);
    }
  };

  socket.on('message', (data: RawData, isBinary) => {
    if (socket.readyState !== socket.OPEN) return;
    frames += 1;
    if (frames > FRAMES_A_SECOND) {
      refuse(CLOSE.tooMany, `more than ${FRAMES_A_SECOND} frames in a second`);
      return;
    }
    if (!isBinary || !Buffer.isBuffer(data)) {
      refuse(CLOSE.malformed, 'not a binary frame');
      return;
    }
    if (data.length > CLIENT_FRAME_BYTES) {
      refuse(CLOSE.malformed, `a frame of more than ${CLIENT_FRAME_BYTES} bytes`);
      return;
    }
    const parsed = clientFrame.safeParse(decodeFrame(data));
    if (!parsed.success) {
      refuse(CLOSE.malformed, 'a frame the terminal protocol does not know');
      return;
    }
    const frame = parsed.data;
    if (attachment === undefined) {
      if (frame.type === 'resize') attach(frame);
      else refuse(CLOSE.malformed, 'the first frame must be a resize');
    } else if (frame.type === 'input') attachment.write(frame.data);
    else if (frame.type === 'resize') attachment.resize(frame);
    else if (frame.type === 'ack') attachment.ack(frame.bytes);
    else attachment.restart();
  });
  // ws tells of broken frames and lost connections here, and closes after it: nothing is left to do but not to crash.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    clearTimeout(first);
    clearInterval(pings);
    clearInterval(counting);
    attachment?.detach();
    attachment = undefined;
  });
}
