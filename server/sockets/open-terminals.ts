import type { WebSocket } from 'ws';

/** The WebSockets of terminals that are open now, by session or exam, so that an end can be told to them with its reason. */
export class OpenTerminals {
  readonly #sockets = new Map<string, Set<WebSocket>>();

  add(id: string, socket: WebSocket): void {
    const sockets = this.#sockets.get(id) ?? new Set();
    this.#sockets.set(id, sockets.add(socket));
    socket.once('close', () => {
      sockets.delete(socket);
      if (sockets.size === 0 && this.#sockets.get(id) === sockets) this.#sockets.delete(id);
    });
  }

  /** Nothing that is typed into them arrives from here on; what the shells run goes on. */
  close(id: string, code: number, reason: string): void {
    for (const socket of this.#sockets.get(id) ?? []) socket.close(code, reason);
  }
}
