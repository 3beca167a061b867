import type { Locale } from './errors.ts';

export const LOCALE_COOKIE = 'drydock-locale';

/** The language chosen in the header, else the browser's first one that we speak, else English. */
export function chooseLocale(cookie: string | undefined, acceptLanguage: string | null | undefined): Locale {
  if (cookie === 'en' || cookie === 'ko') return cookie;
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map((part, position) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
      const quality = Number(parameters.find((parameter) => parameter.trim().startsWith('q='))?.split('=')[1] ?? 1);
      return { language: tag.split('-')[0], quality, position };
    })
    .filter(({ language, quality }) => (language === 'en' || language === 'ko') && quality > 0)
    .sort((a, b) => b.quality - a.quality || a.position - b.position);
  return wanted[0]?.language === 'ko' ? 'ko' : 'en';
}
