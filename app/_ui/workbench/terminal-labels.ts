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
    closed: t('closed'),
    over: t('over'),
    restart: t('restart'),
    search: t('search'),
    previous: t('previous'),
    next: t('next'),
    close: t('close'),
    noMatch: t('noMatch'),
    smaller: t('smaller'),
    larger: t('larger'),
    screenReader: t('screenReader'),
    colours: { page: t('coloursPage'), light: t('coloursLight'), dark: t('coloursDark') },
    // The terminal puts the number in itself, when it knows it.
    pasteQuestion: t('pasteQuestion', { lines: '{lines}' }),
    paste: t('paste'),
    cancel: t('cancel'),
    watching: t('watching'),
    takeOver: t('takeOver'),
    unsent: t('unsent'),
    typeAgain: t('typeAgain'),
    discard: t('discard'),
  };
}
