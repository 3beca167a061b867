import { getRequestConfig } from 'next-intl/server';
import { currentLocale } from '#server/auth/current-user.ts';
import { en } from './en.ts';
import { ko } from './ko.ts';

/** next-intl asks this once for each request. */
export default getRequestConfig(async () => {
  const locale = await currentLocale();
  return {
    locale,
    // The same keys; only the words differ, which the type holds to the letter.
    messages: (locale === 'ko' ? ko : en) as typeof en,
    // Learners sit at the machine that serves them, or choose that machine's clock.
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
});
