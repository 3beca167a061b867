import type { Locale } from '#server/errors.ts';
import type { en } from './en.ts';

declare module 'next-intl' {
  interface AppConfig {
    Locale: Locale;
    Messages: typeof en;
  }
}
