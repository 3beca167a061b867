'use client';

import { useTranslations } from 'next-intl';
import type { TerminalLabels } from '#app/_terminal/labels.ts';

/** The terminal's words in the reader's language. */
export function useTerminalLabels(): TerminalLabels {
  const t = useTranslations('terminal');
  return {
    name: t('name'),
    connecting: t('connecting'),
    connected: t('connected'),
    disconnected: t('disconnected'),
    refused: t('refused'),
    ended: t('ended'),
    restart: t('restart'),
    search: t('search'),
    previous: t('previous'),
    next: t('next'),
    close: t('close'),
    noMatch: t('noMatch'),
    smaller: t('smaller'),
    larger: t('larger'),
    screenReader: t('screenReader'),
    // The terminal puts the number in itself, when it knows it.
    pasteQuestion: t('pasteQuestion', { lines: '{lines}' }),
    paste: t('paste'),
    cancel: t('cancel'),
  };
}
