/** A network between browser and trainer that can fail. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Wire {
  /** Where a browser finds the trainer through this wire. */
  readonly origin: string;
  /** Drops all connections, and takes no new ones. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

export async function layWire(port: number): Promise<Wire> {
  const ends = new Set<Socket>();
  let whole = true;
  const keep = (end: Socket, other: Socket): void => {
    ends.add(end);
    // One end that goes takes the other with it, whatever the reason.
    end.on('error', () => other.destroy());
    end.on('close', () => {
      ends.delete(end);
      other.destroy();
    });
  };
  const server = createServer((near) => {
    if (!whole) {
      near.destroy();
      return;
    }
    const far = connect(port, '127.0.0.1');
    keep(near, far);
    keep(far, near);
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const dropAll = (): void => {
    for (const end of ends) end.destroy();
  };
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() {
      whole = false;
      dropAll();
    },
    mend() {
      whole = true;
    },
    close() {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      dropAll();
      return closed;
    },
  };
}
