'use client';

import { useEffect } from 'react';
import { warmTerminal } from '../_ui/workbench/load-terminal.ts';

/** Milliseconds after the list is there: whoever reads it is about to open a task. */
const AFTER_MS = 500;

export function WarmTerminal() {
  useEffect(() => {
    const timer = setTimeout(warmTerminal, AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return null;
}
