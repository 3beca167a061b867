/** English and Korean, first by the browser's wish, then by the reader's. */
import { expect, test } from '@jest/globals';
import { JOURNEY_MS, startJourney } from './support/journey.ts';
import { LearnerTerminal } from './support/terminal.ts';

const journey = startJourney();

test(
  'a Korean browser gets Korean pages, tasks, checks and hints; the switch keeps the work',
  async () => {
    const page = await journey.signedIn({ locale: 'ko-KR' });
    const language = page.locator('html');
    const terminal = new LearnerTerminal(page);
    await expect(language.getAttribute('lang')).resolves.toBe('ko');
    await expect(page.title()).resolves.toBe('Drydock');
    await page.getByRole('heading', { name: '연습', level: 1 }).waitFor();
    await page.getByRole('link', { name: '팀이 쓸 수 있는 자원 제한하기' }).click();
    await page.getByRole('heading', { name: '팀이 쓸 수 있는 자원 제한하기', level: 1 }).waitFor();
    await page.getByText('지난주에 Blue 팀이 노드 하나의 자원을 다 써 버렸습니다.').waitFor();
    await terminal.ready();
    await expect(terminal.run('echo 터미널에서도 한글')).resolves.toMatch(/^터미널에서도 한글$/m);
    await terminal.run('kubectl create quota compute --hard=pods=6');

    await page.getByRole('button', { name: '확인', exact: true }).click();
    const check = page.getByRole('listitem').filter({ hasText: 'team-blue의 ResourceQuota compute가' });
    await check.getByText('실패').waitFor();
    await expect(check.innerText()).resolves.toMatch(/거의 맞았습니다:[^]*[가-힣][^]*기대한 값[^]*실제 값/);
    await page.getByRole('button', { name: '힌트' }).click();
    await page.getByText('쿼터는 네임스페이스 전체의 합계를').waitFor();

    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Limit what a team may use', level: 1 }).waitFor();
    await expect(language.getAttribute('lang')).resolves.toBe('en');
    await page.getByText('Team Blue filled a node last week.').waitFor();
    await page.getByText('A quota counts a whole namespace together').waitFor();
    const english = page.getByRole('listitem').filter({ hasText: 'ResourceQuota compute in team-blue allows' });
    await expect(english.innerText()).resolves.toMatch(/Failed[^]*Close:[^]*Expected[^]*Found/);
    // Nothing of the page but what comes from the language itself: names, the switch, and the terminal as it was.
    const left = (await page.locator('main section[aria-label=Task]').innerText()).match(/[가-힣]+/g);
    expect(left).toBeNull();
    await terminal.shows('터미널에서도 한글');
    await expect(terminal.run('echo still here')).resolves.toMatch(/^still here$/m);

    await page.reload();
    await expect(language.getAttribute('lang')).resolves.toBe('en');
    await page.getByRole('button', { name: '한국어' }).click();
    await page.getByText('확인 항목 7개 중 1개 통과').waitFor();
    await expect(language.getAttribute('lang')).resolves.toBe('ko');
  },
  JOURNEY_MS,
);

test(
  'an English browser gets English; each page has words of both languages',
  async () => {
    const page = await journey.signedIn();
    for (const [route, english, korean] of [
      ['/', 'Practice', '연습'],
      ['/exam', 'Timed exam', '모의 시험'],
      ['/progress', 'Progress', '진행 상황'],
      ['/no-such-page', 'There is nothing here', '찾는 내용이 없습니다'],
    ] as const) {
      if (route === '/no-such-page') journey.complaints.expect(/404/);
      await page.goto(`${journey.trainer.origin}${route}`);
      await page.getByRole('heading', { name: english, level: 1 }).waitFor();
      await page.getByRole('button', { name: '한국어' }).click();
      await page.getByRole('heading', { name: korean, level: 1 }).waitFor();
      await expect(page.locator('html').getAttribute('lang')).resolves.toBe('ko');
      await page.getByRole('button', { name: 'English' }).click();
      await page.getByRole('heading', { name: english, level: 1 }).waitFor();
    }
  },
  JOURNEY_MS,
);
