import type { RawData, WebSocket } from 'ws';
import { z } from 'zod';
import { CLIENT_FRAME_BYTES, CLOSE, decodeFrame, encodeFrame, type ServerFrame } from '#app/_terminal/protocol.ts';
import {
  TooManyScreensError,
  TooManyTerminalsError,
  type Attachment,
  type TerminalSink,
  type Workspace,
} from '#workspace/index.ts';

/** Milliseconds between pings; a connection that answered none since the last one is dropped. Proxies cut idle ones after 60 s. */
const PING_MS = 20_000;
/** Milliseconds in which the first frame, the size, must come. */
const FIRST_FRAME_MS = 10_000;
/** Bytes queued for one page at which it is dropped: flow control holds output under 256 KB, so this much is snapshots nobody reads. */
const QUEUED_BYTES = 8 * 1024 * 1024;

/** Frames of one page in a second: acknowledging 50 MB/s takes 3,200, a fast typist 20. */
const FRAMES_A_SECOND = 5_000;

/** Characters of a page's own name. */
const PAGE_CHARS = 40;

/** Which page led each terminal last: it leads again when it comes back before anybody else took over. */
const leaders = new WeakMap<Workspace, Map<string, string>>();

const cells = z.number().int().min(1).max(10_000);
const clientFrame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('input'), data: z.instanceof(Uint8Array) }),
  z.object({
    type: z.literal('resize'),
    cols: cells,
    rows: cells,
    lead: z.boolean().optional(),
    page: z.string().max(PAGE_CHARS).optional(),
  }),
  z.object({ type: z.literal('ack'), bytes: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER) }),
  z.object({ type: z.literal('restart') }),
  z.object({ type: z.literal('lead') }),
  z.object({ type: z.literal('close') }),
]);

/**
 * Ties an accepted WebSocket to a workspace's terminal until either ends. Whether this person may see this workspace was decided by the caller.
 * Frames that the protocol does not know close the connection with a code and a reason (CLOSE).
 * @param terminal which of the workspace's terminals; left out: the first
 */
export function handleTerminal({
  socket,
  workspace,
  terminal = '1',
}: {
  socket: WebSocket;
  workspace: Workspace;
  terminal?: string;
}): void {
  let leading = false;
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

  const attach = ({
    cols,
    rows,
    lead = true,
    page,
  }: Extract<z.infer<typeof clientFrame>, { type: 'resize' }>): void => {
    clearTimeout(first);
    if (workspace.closed) {
      socket.close(CLOSE.workspaceClosed, 'workspace closed');
      return;
    }
    const sink: TerminalSink = {
      snapshot: (screen) => send({ type: 'snapshot', ...screen }),
      output: (data) => send({ type: 'output', data }),
      lead(state) {
        leading = state.leading;
        if (leading) noteLeader(workspace, terminal, page);
        send({ type: 'notice', ...state });
      },
      exit: (exit) => send({ type: 'exit', ...exit }),
      closed() {
        if (workspace.terminals.includes(terminal)) socket.close(CLOSE.workspaceClosed, 'workspace closed');
        else socket.close(CLOSE.terminalClosed, 'terminal closed');
      },
    };
    try {
      attachment = workspace.attach(
        sink,
        { cols, rows },
        {
          terminal,
          lead: lead || (page !== undefined && leaders.get(workspace)?.get(terminal) === page),
        },
      );
    } catch (error) {
      if (!(error instanceof TooManyScreensError || error instanceof TooManyTerminalsError)) throw error;
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
    } else if (frame.type === 'input') {
      // Typed before this page knew that another one had taken over: its page says so, as nothing comes back for it.
      if (!leading) return;
      attachment.write(frame.data);
      send({ type: 'received', bytes: frame.data.length });
    } else if (frame.type === 'lead') attachment.lead();
    else if (frame.type === 'resize') attachment.resize(frame);
    else if (frame.type === 'ack') attachment.ack(frame.bytes);
    else if (frame.type === 'close') {
      workspace.endTerminal(terminal).catch(() => socket.close(CLOSE.stalled, 'the shell does not end'));
    } else attachment.restart();
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

function noteLeader(workspace: Workspace, terminal: string, page: string | undefined): void {
  const known = leaders.get(workspace) ?? new Map<string, string>();
  leaders.set(workspace, known);
  if (page === undefined) known.delete(terminal);
  else known.set(terminal, page);
}
