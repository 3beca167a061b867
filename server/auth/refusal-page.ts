/** What a browser without a cookie is shown: plain HTML, since Next's pages and styles are behind the gate too. */
import type { Locale } from '../errors.ts';
import type { RefusalReason } from './gate.ts';

interface Words {
  title: string;
  body: string;
}

const WORDS: Record<RefusalReason, Record<Locale, Words>> = {
  'no-cookie': {
    en: {
      title: 'Open Drydock with its link',
      body: 'Drydock serves a shell, so it lets in only who holds its link. Look in the terminal where you started it for a line that begins with http:// and contains token=, and open that address.',
    },
    ko: {
      title: '링크로 Drydock을 여세요',
      body: 'Drydock은 셸을 제공하므로 링크가 있는 사람만 들어올 수 있습니다. Drydock을 시작한 터미널에서 http://로 시작하고 token=이 들어 있는 줄을 찾아 그 주소를 여세요.',
    },
  },
  'wrong-token': {
    en: {
      title: 'This link is from an earlier start',
      body: 'The token in the address is not the one of the running Drydock. Use the newest link in the terminal where you started it.',
    },
    ko: {
      title: '이전에 시작했을 때의 링크입니다',
      body: '주소의 토큰이 지금 실행 중인 Drydock의 것이 아닙니다. Drydock을 시작한 터미널의 가장 최근 링크를 사용하세요.',
    },
  },
  'foreign-host': {
    en: {
      title: 'This host name is not served here',
      body: 'Open Drydock as localhost or by its address. To allow another name, start it with DRYDOCK_ALLOWED_HOSTS=name.',
    },
    ko: {
      title: '이 호스트 이름으로는 열 수 없습니다',
      body: 'localhost나 IP 주소로 Drydock을 여세요. 다른 이름을 허용하려면 DRYDOCK_ALLOWED_HOSTS=이름 으로 시작하세요.',
    },
  },
  'foreign-origin': {
    en: { title: 'Refused', body: 'The request came from another web site.' },
    ko: { title: '거부됨', body: '다른 웹 사이트에서 보낸 요청입니다.' },
  },
};

const AGAIN: Record<Locale, string> = { en: 'Try again', ko: '다시 시도' };

/** Nothing but its own style may load. */
export const REFUSAL_CSP = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

export function refusalText(reason: RefusalReason): string {
  return `${WORDS[reason].en.title}. ${WORDS[reason].en.body}\n`;
}

export function refusalPage(reason: RefusalReason, locale: Locale): string {
  const { title, body } = WORDS[reason][locale];
  const again = reason === 'foreign-origin' ? '' : `<p><a href="/">${AGAIN[locale]}</a></p>`;
  return `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Drydock</title>
<style>
:root { color-scheme: light dark; }
body { font: 16px/1.6 system-ui, "Noto Sans KR", sans-serif; max-width: 34rem; margin: 15vh auto 0; padding: 0 1.25rem;
  color: light-dark(#1b1f24, #e6e9ec); background: light-dark(#ffffff, #14171a); word-break: keep-all; }
h1 { font-size: 1.375rem; line-height: 1.3; margin: 0 0 0.75rem; }
p { margin: 0 0 1rem; }
a { color: light-dark(#0c6470, #62c6d1); }
</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p>${body}</p>
${again}
</main>
</body>
</html>
`;
}
