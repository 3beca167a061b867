import { expect, test } from '@jest/globals';
import { withoutStartingLines } from './stand-in-images.ts';

const STARTING = [
  '/docker-entrypoint.sh: Configuration complete; ready for start up',
  '10-listen-on-ipv6-by-default.sh: info: Enabled listen on IPv6 in /etc/nginx/conf.d/default.conf',
  '2026/11/21 14:20:46 [notice] 1#1: start worker process 29',
  "AH00558: httpd: Could not reliably determine the server's fully qualified domain name",
  '[Sat Nov 21 14:20:46.000000 2026] [mpm_event:notice] [pid 1:tid 1] AH00489: Apache/2.4.65 configured',
];

test.each(STARTING)('%s', (line) => {
  expect(withoutStartingLines('kubectl logs a', `${line}\nmine`)).toBe('mine');
  expect(withoutStartingLines('kubectl logs a --prefix', `[pod/a/b] ${line}\n[pod/a/c] mine`)).toBe('[pod/a/c] mine');
  expect(withoutStartingLines('kubectl exec a -- cat f', line)).toBe(line);
});

test.each(['GET / HTTP/1.1', '2026/11/21 14:20:46 [error] 29#29: *1 open() failed'])('%s is seen', (line) => {
  expect(withoutStartingLines('kubectl logs a', line)).toBe(line);
});
