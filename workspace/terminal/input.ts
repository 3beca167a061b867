import { write } from 'node:fs';
import { INPUT_QUEUE_BYTES, INPUT_RETRY_MS } from '../limits.ts';

/**
 * Hands typed bytes to a pseudo-terminal. node-pty's own queue has no end, and while the program does not read it tries again without pause:
 * one paste into such a program would keep the server busy, and many would fill its memory.
 */
export interface Input {
  /** False when there is no room for the bytes; then none of them is taken. */
  write(data: Uint8Array): boolean;
  /** Forgets what was not read; to be called before the descriptor is closed. */
  dispose(): void;
}

export function createInput(fd: number): Input {
  const queue: Uint8Array[] = [];
  let queued = 0;
  let busy = false;
  let disposed = false;
  let wait: number = INPUT_RETRY_MS[0];
  let timer: NodeJS.Timeout | undefined;

  const next = (): void => {
    const first = queue[0];
    if (busy || disposed || timer !== undefined || first === undefined) return;
    busy = true;
    write(fd, first, 0, first.length, null, (error, written) => {
      busy = false;
      if (disposed) return;
      if (error?.code === 'EAGAIN') {
        timer = setTimeout(() => {
          timer = undefined;
          next();
        }, wait);
        wait = Math.min(wait * 2, INPUT_RETRY_MS[1]);
        return;
      }
      if (error !== null) {
        // The shell is gone (EIO); its exit is told elsewhere.
        queue.length = 0;
        queued = 0;
        return;
      }
      wait = INPUT_RETRY_MS[0];
      queued -= written;
      if (written === first.length) queue.shift();
      else queue[0] = first.subarray(written);
      next();
    });
  };

  return {
    write(data) {
      if (disposed || queued + data.length > INPUT_QUEUE_BYTES) return false;
      // The page's frame shares memory with what the socket reuses.
      queue.push(Uint8Array.from(data));
      queued += data.length;
      next();
      return true;
    },
    dispose() {
      disposed = true;
      clearTimeout(timer);
      queue.length = 0;
      queued = 0;
    },
  };
}
