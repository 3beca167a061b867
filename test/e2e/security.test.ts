/** Drydock serves a shell: who does not hold its link gets nothing, and is told where the link is. */
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { WebSocket } from 'ws';
import { JOURNEY_MS, startJourney } from './support/journey.ts';
import { LearnerTerminal } from './support/terminal.ts';

const journey = startJourney();
const stranger = createServer((_request, response) => {
  response.setHeader('content-type', 'text/html').end('<!doctype html><title>Another site</title>');
});
afterAll(() => {
  stranger.close();
});

test(
  'without the cookie a page says where the link is, in the language of the browser',
  async () => {
    journey.complaints.expect(/status of 401/);
    const english = await (await journey.context()).newPage();
    for (const route of ['/', '/exam', '/practice/cka-core/team-quota', '/?token=0123456789abcdef']) {
      const answer = await english.goto(`${journey.trainer.origin}${route}`);
      expect(answer?.status()).toBe(401);
    }
    await english.getByRole('heading', { name: 'This link is from an earlier start' }).waitFor();
    await english.getByRole('link', { name: 'Try again' }).click();
    await english.getByRole('heading', { name: 'Open Drydock with its link' }).waitFor();
    await english.getByText('contains token=').waitFor();

    const korean = await (await journey.context({ locale: 'ko-KR' })).newPage();
    await korean.goto(journey.trainer.origin);
    await korean.getByRole('heading', { name: '링크로 Drydock을 여세요' }).waitFor();
    await expect(korean.locator('html').getAttribute('lang')).resolves.toBe('ko');
  },
  JOURNEY_MS,
);

test(
  'the link works as printed, leaves no token in the address, and may be opened again',
  async () => {
    const { trainer } = journey;
    expect(trainer.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=\w{32,}$/);
    const page = await journey.signedIn();
    expect(page.url()).toBe(`${trainer.origin}/`);
    await page.goto(trainer.url);
    expect(page.url()).toBe(`${trainer.origin}/`);
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' });
    // Nor can a page read it.
    await expect(page.evaluate(() => document.cookie)).resolves.not.toContain('drydock-');
  },
  JOURNEY_MS,
);

test(
  'a foreign host name and a foreign origin are refused, for pages and for terminals',
  async () => {
    const { origin, port } = journey.trainer;
    const page = await journey.signedIn();
    const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
    const terminal = await openTerminal(page);
    const host = `127.0.0.1:${port}`;

    await expect(status(port, 'GET', { host, cookie })).resolves.toBe(200);
    await expect(status(port, 'GET', { host: `drydock.example:${port}`, cookie })).resolves.toBe(421);
    await expect(status(port, 'POST', { host, cookie, origin: 'http://drydock.example' })).resolves.toBe(403);
    await expect(status(port, 'POST', { host, cookie, origin: 'null' })).resolves.toBe(403);

    await expect(knock(terminal, { cookie, origin })).resolves.toBe('open');
    await expect(knock(terminal, { cookie })).resolves.toBe(403);
    await expect(knock(terminal, { origin })).resolves.toBe(401);
    await expect(knock(terminal, { cookie, origin: 'http://drydock.example' })).resolves.toBe(403);
    await expect(knock(terminal, { cookie, origin: `http://127.0.0.1:${port + 1}` })).resolves.toBe(403);
    const rebound = `drydock.example:${port}`;
    await expect(knock(terminal, { cookie, origin: `http://${rebound}`, host: rebound })).resolves.toBe(421);
  },
  JOURNEY_MS,
);

test(
  'a page of another site in the same browser reaches neither pages nor terminals, cookie or not',
  async () => {
    const { origin } = journey.trainer;
    const own = await journey.signedIn();
    const terminal = await openTerminal(own);
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    const { port } = stranger.address() as AddressInfo;
    journey.complaints.expect(
      /CORS policy|Failed to load resource|WebSocket connection|frame-ancestors|X-Frame-Options/,
    );
    const page = await own.context().newPage();
    // The same address on another port counts as the same site for cookies; another name does not.
    for (const name of ['127.0.0.1', 'localhost']) {
      await page.goto(`http://${name}:${port}/`);
      const reached = await page.evaluate(
        async ({ pages, socket }) => ({
          read: await fetch(pages, { credentials: 'include' }).then(
            () => true,
            () => false,
          ),
          socket: await new Promise<boolean>((resolve) => {
            const opened = new WebSocket(socket);
            opened.addEventListener('open', () => resolve(true));
            opened.addEventListener('error', () => resolve(false));
          }),
        }),
        { pages: `${origin}/progress`, socket: terminal },
      );
      expect(reached).toEqual({ read: false, socket: false });
    }
  },
  JOURNEY_MS,
);

/** Opens a task and returns the address of its terminal. */
async function openTerminal(page: Page): Promise<string> {
  const socket = page.waitForEvent('websocket');
  await page.goto(`${journey.trainer.origin}/practice/cka-core/team-quota`);
  await new LearnerTerminal(page).ready();
  return (await socket).url();
}

/** The status of a request for the list, or of a change to it. */
function status(port: number, method: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, method, path: '/', headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** How a terminal answers who asks for it: `open`, or the status of the refusal. */
function knock(url: string, headers: Record<string, string>): Promise<'open' | number | undefined> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { headers });
    socket.on('open', () => {
      socket.close();
      resolve('open');
    });
    socket.on('unexpected-response', (asked, response) => {
      resolve(response.statusCode);
      asked.destroy();
    });
    socket.on('error', reject);
  });
}
