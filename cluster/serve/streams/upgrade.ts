/** Connections that turn into streams: WebSocket (v5, v4 and older, plain or base64, SPDY inside) and SPDY/3.1. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { StatusError } from '../../api/status.ts';
import type { Cluster } from '../../cluster.ts';
import { LIMITS } from '../../limits.ts';
import type { IntoContainer, IntoPorts } from './connect.ts';
import { runningInstance } from './pod-containers.ts';
import { dialPod, portForwardSession, refusedByKubelet as refusedPorts, refusedPort } from './port-forward.ts';
import { refusedByKubelet, RemoteCommand, type Ending } from './remote-command.ts';
import { notSent, notUpgraded, statusFive, statusFour, textOf } from './remote-status.ts';
import { SpdySession, type SpdyStream } from './spdy.ts';

const TUNNEL = 'SPDY/3.1+portforward.k8s.io';
/** What stands for it while the handshake is made: the library takes no slash in the name of a protocol. */
const TUNNEL_TOKEN = 'SPDY-3.1-portforward.k8s.io';
const COMMAND_PROTOCOLS = [
  'v5.channel.k8s.io',
  'v4.channel.k8s.io',
  'v4.base64.channel.k8s.io',
  'channel.k8s.io',
  'base64.channel.k8s.io',
];
const PORT_PROTOCOLS = [TUNNEL, 'v4.channel.k8s.io', 'v4.base64.channel.k8s.io'];
const SPDY_COMMANDS = ['v4.channel.k8s.io', 'v3.channel.k8s.io', 'v2.channel.k8s.io', 'channel.k8s.io'];
const SPDY_PORTS = ['portforward.k8s.io'];
/** Channel that says a channel is closed, from version 5 on. */
const CLOSE_CHANNEL = 255;
/** Bytes of one WebSocket message. */
const LARGEST_MESSAGE = 4 * 1024 * 1024;
/** Milliseconds in which a SPDY client has to make all its streams: the kubelet's. */
const STREAMS_TIMEOUT = 30_000;
/** Milliseconds between the end of a command and that of a connection that takes input. */
const TYPING = 50;
/** Bytes: a client that lets this much wait does not read, and is cut off. */
const NOT_READING = 16 * 1024 * 1024;

export interface HubContext {
  cluster(): Cluster;
  catchUp(): void;
  react(): void;
}

const listOf = (header: string | string[] | undefined): string[] =>
  [header ?? []]
    .flat()
    .flatMap((one) => one.split(','))
    .map((one) => one.trim())
    .filter((one) => one !== '');

export const isUpgrade = (incoming: IncomingMessage): boolean =>
  /(^|[,\s])upgrade([,\s]|$)/i.test(incoming.headers.connection ?? '') && incoming.headers.upgrade !== undefined;

export class StreamHub {
  readonly #context: HubContext;
  readonly #open = new Set<() => void>();
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_MESSAGE,
    handleProtocols: (offered) => [TUNNEL_TOKEN, ...COMMAND_PROTOCOLS].find((one) => offered.has(one)) ?? false,
  });

  constructor(context: HubContext) {
    this.#context = context;
    this.#sockets.on('headers', (headers) => {
      headers.forEach((line, index) => {
        headers[index] = line.replace(TUNNEL_TOKEN, TUNNEL);
      });
    });
  }

  get full(): boolean {
    return this.#open.size >= LIMITS.streams;
  }
  /** Registers what ends a stream when its cluster ends. Returns what takes it back. */
  opened(end: () => void): () => void {
    this.#open.add(end);
    return () => this.#open.delete(end);
  }
  endAll(): void {
    for (const end of Array.from(this.#open)) end();
    this.#open.clear();
  }

  /** @throws StatusError where the answer is a Status of the API server. `response` is for all other refusals. */
  upgrade(incoming: IncomingMessage, response: ServerResponse, head: Buffer, wanted: IntoContainer | IntoPorts): void {
    const { socket } = incoming;
    if (!isUpgrade(incoming))
      throw new StatusError({ message: 'Upgrade request required', reason: 'BadRequest', code: 400 });
    const isWebSocket = incoming.headers.upgrade?.toLowerCase() === 'websocket';
    const asked = listOf(
      isWebSocket ? incoming.headers['sec-websocket-protocol'] : incoming.headers['x-stream-protocol-version'],
    );
    const serverSpeaks = isWebSocket && wanted.kind !== 'portforward' && asked.includes('v5.channel.k8s.io');
    const cluster = this.#context.cluster();
    if (!serverSpeaks) {
      if (wanted.unreachable !== undefined)
        throw new StatusError({ message: `error dialing backend: ${wanted.unreachable}`, code: 500 });
      const refused = wanted.kind === 'portforward' ? refusedPorts(wanted.pod) : refusedByKubelet(cluster, wanted);
      if (refused !== undefined) {
        plain(response, refused.code, refused.text);
        return;
      }
    }
    if (isWebSocket) this.#webSocket(incoming, response, head, wanted, asked);
    else this.#spdy(incoming, response, socket, head, wanted, asked);
  }

  #webSocket(
    incoming: IncomingMessage,
    response: ServerResponse,
    head: Buffer,
    wanted: IntoContainer | IntoPorts,
    asked: string[],
  ): void {
    const known = wanted.kind === 'portforward' ? PORT_PROTOCOLS : COMMAND_PROTOCOLS;
    const chosen = asked.find((one) => known.includes(one));
    if (asked.length > 0 && chosen === undefined) {
      plain(response, 403, '');
      return;
    }
    if (wanted.kind === 'portforward' && chosen !== TUNNEL && wanted.ports.length === 0) {
      plain(response, 400, 'query parameter "port" is required');
      return;
    }
    const { socket } = incoming;
    response.detachSocket(socket);
    if (chosen === undefined) delete incoming.headers['sec-websocket-protocol'];
    else incoming.headers['sec-websocket-protocol'] = chosen === TUNNEL ? TUNNEL_TOKEN : chosen;
    this.#sockets.handleUpgrade(incoming, socket, head, (client) => {
      client.on('error', () => client.terminate());
      const closed = this.opened(() => client.terminate());
      client.on('close', closed);
      if (wanted.kind !== 'portforward') this.#command(client, wanted, chosen ?? 'channel.k8s.io');
      else if (chosen === TUNNEL) this.#tunnel(client, wanted);
      else this.#portChannels(client, wanted, chosen?.includes('base64') === true);
    });
  }

  #command(client: WebSocket, wanted: IntoContainer, protocol: string): void {
    const base64 = protocol.includes('base64');
    const five = protocol.startsWith('v5');
    const send = (channel: number, bytes: string): void => {
      if (client.readyState !== client.OPEN) return;
      if (base64) client.send(`${channel}${Buffer.from(bytes, 'latin1').toString('base64')}`);
      else client.send(Buffer.from(String.fromCharCode(channel) + bytes, 'latin1'));
      if (client.bufferedAmount > NOT_READING) client.terminate();
    };
    const end = (status: string): void => {
      if (status !== '') send(3, Buffer.from(status, 'utf8').toString('latin1'));
      // a client that is still typing gets to know first
      if (wanted.stdin) setTimeout(() => client.close(1000), TYPING);
      else client.close(1000);
    };
    send(wanted.stdout ? 1 : wanted.stderr ? 2 : 3, '');
    const cluster = this.#context.cluster();
    if (five) {
      if (wanted.unreachable !== undefined) {
        end(notSent(wanted.url, wanted.unreachable));
        return;
      }
      const refused = refusedByKubelet(cluster, wanted);
      if (refused !== undefined) {
        end(notUpgraded(refused.text));
        return;
      }
    }
    const instance = runningInstance(cluster, wanted.pod, wanted.container);
    if (instance === undefined) {
      end(notUpgraded(`container not found (${JSON.stringify(wanted.container)})`));
      return;
    }
    const done = (ending: Ending) =>
      end(
        five
          ? statusFive(ending)
          : protocol.startsWith('v4')
            ? statusFour(ending, wanted.command)
            : textOf(ending, wanted.command),
      );
    const command = new RemoteCommand(
      wanted,
      {
        stdout: (bytes) => wanted.stdout && send(1, bytes),
        stderr: (bytes) => wanted.stderr && send(2, bytes),
        pending: () => client.bufferedAmount,
      },
      this.#context,
      done,
    );
    client.on('close', () => command.abort());
    client.on('message', (data: Buffer, isBinary: boolean) => {
      const message =
        isBinary || !base64
          ? data
          : Buffer.concat([
              Buffer.from([data.readUInt8(0) - 48]),
              Buffer.from(data.subarray(1).toString('latin1'), 'base64'),
            ]);
      const channel = message.length === 0 ? -1 : message.readUInt8(0);
      const bytes = message.subarray(1);
      if (channel === 0) command.input(bytes);
      else if (channel === 4) resize(command, bytes.toString('utf8'));
      else if (channel === CLOSE_CHANNEL && five && bytes[0] === 0) command.endInput();
      if (command.stdinFull) {
        // what is typed waits in the client until the command has read
        client.pause();
        const resume = setInterval(() => {
          if (command.stdinFull && client.readyState === client.OPEN) return;
          clearInterval(resume);
          client.resume();
        }, 20);
      }
    });
    command.start(instance);
  }

  #tunnel(client: WebSocket, wanted: IntoPorts): void {
    const session = portForwardSession(
      {
        send: (bytes) => {
          if (client.readyState === client.OPEN) client.send(bytes);
          if (client.bufferedAmount > NOT_READING) client.terminate();
        },
        close: () => client.close(1000),
      },
      wanted.pod,
      this.#context,
    );
    client.on('message', (data: Buffer) => session.receive(data));
    client.on('close', () => session.close());
  }

  #portChannels(client: WebSocket, { pod, ports }: IntoPorts, base64: boolean): void {
    const send = (channel: number, bytes: Buffer): void => {
      if (client.readyState !== client.OPEN) return;
      client.send(base64 ? `${channel}${bytes.toString('base64')}` : Buffer.concat([Buffer.from([channel]), bytes]));
    };
    const peers = ports.map((port, index) => {
      const number = Buffer.from([port & 255, port >> 8]);
      send(index * 2, number);
      send(index * 2 + 1, number);
      return { port, peer: dialPod(this.#context, pod, port) };
    });
    peers.forEach(({ port, peer }, index) => {
      if (peer === undefined) send(index * 2 + 1, Buffer.from(refusedPort(pod, port)));
    });
    if (peers.every(({ peer }) => peer === undefined)) client.close(1000);
    client.on('message', (data: Buffer) => {
      if (data.length === 0) return;
      const channel = base64 ? data.readUInt8(0) - 48 : data.readUInt8(0);
      const bytes = base64 ? Buffer.from(data.subarray(1).toString('latin1'), 'base64') : data.subarray(1);
      const peer = peers[channel / 2]?.peer;
      if (peer === undefined) return;
      this.#context.catchUp();
      const said = peer.say(bytes.toString('latin1'));
      if (said !== '') send(channel, Buffer.from(said, 'latin1'));
      this.#context.react();
      if (peer.closed) client.close(1000);
    });
  }

  #spdy(
    incoming: IncomingMessage,
    response: ServerResponse,
    socket: Duplex,
    head: Buffer,
    wanted: IntoContainer | IntoPorts,
    asked: string[],
  ): void {
    if (asked.length === 0 || incoming.headers.upgrade?.toLowerCase() !== 'spdy/3.1') {
      if (asked.length > 0) plain(response, 400, 'unable to upgrade: missing upgrade headers in request\n');
      else plain(response, 400, 'unable to upgrade: X-Stream-Protocol-Version is required\n');
      return;
    }
    const known = wanted.kind === 'portforward' ? SPDY_PORTS : SPDY_COMMANDS;
    const chosen = asked.find((one) => known.includes(one));
    if (chosen === undefined) {
      const why = `unable to upgrade: unable to negotiate protocol: client supports [${asked.join(' ')}], server accepts [${known.join(' ')}]\n`;
      response.setHeader('x-accepted-stream-protocol-versions', known.join(', '));
      plain(response, 403, wanted.kind === 'portforward' ? why : why + why);
      return;
    }
    response.detachSocket(incoming.socket);
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: ${chosen}\r\n\r\n`,
    );
    const wire = {
      send: (bytes: Buffer) => {
        socket.write(bytes);
        if (socket.writableLength > NOT_READING) socket.destroy();
      },
      close: () => socket.end(),
    };
    const session =
      wanted.kind === 'portforward'
        ? portForwardSession(wire, wanted.pod, this.#context)
        : this.#spdyCommand(wire, socket, wanted, chosen);
    const closed = this.opened(() => socket.destroy());
    socket.on('data', (bytes: Buffer) => session.receive(bytes));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      closed();
      session.close();
    });
    if (head.length > 0) session.receive(head);
  }

  #spdyCommand(
    wire: { send(bytes: Buffer): void; close(): void },
    socket: Duplex,
    wanted: IntoContainer,
    protocol: string,
  ): SpdySession {
    const streams = new Map<string, SpdyStream>();
    const needed = [
      'error',
      ...(wanted.stdin ? ['stdin'] : []),
      ...(wanted.stdout ? ['stdout'] : []),
      ...(wanted.stderr && !wanted.tty ? ['stderr'] : []),
      ...(wanted.tty && protocol !== 'channel.k8s.io' && protocol !== 'v2.channel.k8s.io' ? ['resize'] : []),
    ];
    let command: RemoteCommand | undefined;
    const session = new SpdySession(wire, (stream) => {
      const type = stream.headers.get('streamtype') ?? '';
      if (streams.has(type)) {
        stream.reset();
        return;
      }
      streams.set(type, stream);
      if (needed.every((one) => streams.has(one)) && command === undefined) begin();
    });
    const timer = setTimeout(() => command ?? session.close(), STREAMS_TIMEOUT);
    const begin = (): void => {
      clearTimeout(timer);
      const done = (ending: Ending) => {
        const text =
          protocol === 'v4.channel.k8s.io' ? statusFour(ending, wanted.command) : textOf(ending, wanted.command);
        streams.get('stdout')?.end();
        streams.get('stderr')?.end();
        if (text !== '') streams.get('error')?.write(Buffer.from(text, 'utf8'));
        streams.get('error')?.end();
        setTimeout(() => session.close(), 50);
      };
      const made = new RemoteCommand(
        wanted,
        {
          stdout: (bytes) => streams.get('stdout')?.write(bytes),
          stderr: (bytes) => streams.get('stderr')?.write(bytes),
          pending: () => socket.writableLength,
        },
        this.#context,
        done,
      );
      command = made;
      const [stdin, size] = [streams.get('stdin'), streams.get('resize')];
      if (stdin) {
        stdin.onData = (bytes) => made.input(bytes);
        stdin.onEnd = () => made.endInput();
      }
      if (size) size.onData = (bytes) => resize(made, bytes.toString('utf8'));
      const instance = runningInstance(this.#context.cluster(), wanted.pod, wanted.container);
      if (instance === undefined)
        done({ kind: 'failed', message: `container not found (${JSON.stringify(wanted.container)})` });
      else made.start(instance);
    };
    session.onClose = () => {
      clearTimeout(timer);
      command?.abort();
    };
    return session;
  }
}

function plain(response: ServerResponse, code: number, text: string): void {
  response.setHeader('connection', 'close');
  if (text !== '') response.setHeader('content-type', 'text/plain; charset=utf-8');
  response.setHeader('content-length', Buffer.byteLength(text));
  response.writeHead(code);
  response.end(text);
}

/** `{"Width":80,"Height":24}`, perhaps several in a row. */
function resize(command: RemoteCommand, text: string): void {
  const [, width] = /"Width":(\d{1,5})/.exec(text) ?? [];
  const [, height] = /"Height":(\d{1,5})/.exec(text) ?? [];
  command.resize(Number(width ?? 0), Number(height ?? 0));
}
