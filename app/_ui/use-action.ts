'use client';

import { useRef, useState, useTransition } from 'react';
import type { ActionResult } from '#server/auth/current-user.ts';

export type Failure = { kind: 'told'; message: string; detail?: string } | { kind: 'unreachable' };

/**
 * Runs one server action at a time for a control, and keeps how it failed until the next try.
 * A call that never reached the server is a failure of its own: the server has probably been stopped.
 */
export function useAction<T>(): {
  busy: boolean;
  failure: Failure | undefined;
  run: (action: () => Promise<ActionResult<T>>, done?: (value: T) => void) => void;
  dismiss: () => void;
} {
  const [busy, startTransition] = useTransition();
  const [failure, setFailure] = useState<Failure>();
  const underWay = useRef(false);

  function run(action: () => Promise<ActionResult<T>>, done?: (value: T) => void): void {
    if (underWay.current) return;
    underWay.current = true;
    startTransition(async () => {
      try {
        const result = await action();
        if (result.ok) {
          setFailure(undefined);
          done?.(result.value);
        } else {
          const { message, detail } = result.error;
          setFailure({ kind: 'told', message, ...(detail === undefined ? {} : { detail }) });
        }
      } catch {
        // The browser's words for a refused connection differ by browser and help nobody; ours say what to do.
        setFailure({ kind: 'unreachable' });
      } finally {
        underWay.current = false;
      }
    });
  }

  return { busy, failure, run, dismiss: () => setFailure(undefined) };
}
