import { expect, test } from '@jest/globals';
import { shop } from '../runtime/testing.ts';

const RESOLVED = '* Host web:80 was resolved.\n* IPv6: (none)\n* IPv4: 10.96.7.7\n*   Trying 10.96.7.7:80...\n';
const METER =
  '  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n                                 Dload  Upload   Total   Spent    Left  Speed\n\r  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0';
const HEAD = [
  'HTTP/1.1 404 Not Found',
  'Server: nginx/1.29.3',
  'Date: Fri, 01 May 2026 10:00:00 GMT',
  'Content-Type: text/html',
  'Content-Length: 153',
  'Connection: keep-alive',
];
const asked = (path: string, version = '8.14.1') =>
  `> GET ${path} HTTP/1.1\n> Host: web\n> User-Agent: curl/${version}\n> Accept: */*\n> \n* Request completely sent off\n`;
const answered = HEAD.map((line) => `< ${line}\n`).join('');
const CONNECTED = '* Connected to web (10.96.7.7) port 80\n';
const NOT_FOUND = 'The requested URL returned error: 404';
const REFUSED = 'Failed to connect to empty port 80 after 0 ms: Could not connect to server';

// of curl 8.14.1, as Debian 13 has it
test.each<[string, string, number, number]>([
  ['curl -sI web/none', HEAD.map((line) => `${line}\r\n`).join('') + '\r\n', 0, 0],
  [
    'curl -sv web/none -o /dev/null',
    `${RESOLVED}${CONNECTED}* using HTTP/1.x\n${asked('/none')}${answered}< \n{ [153 bytes data]\n* Connection #0 to host web left intact\n`,
    0,
    0,
  ],
  [
    'curl -sSvf web/none',
    `${RESOLVED}${CONNECTED}* using HTTP/1.x\n${asked('/none')}${answered}* ${NOT_FOUND}\n< \n* closing connection #0\ncurl: (22) ${NOT_FOUND}\n`,
    22,
    0,
  ],
  ['curl -sf web/none', '', 22, 0],
  [
    'curl -f web/none',
    `${METER}\r  0   153    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0\ncurl: (22) ${NOT_FOUND}\n`,
    22,
    0,
  ],
  [
    'curl -sv empty',
    `* Host empty:80 was resolved.\n* IPv6: (none)\n* IPv4: 10.96.7.8\n*   Trying 10.96.7.8:80...\n* connect to 10.96.7.8 port 80 from 10.244.1.3 port 32768 failed: Connection refused\n* ${REFUSED}\n* closing connection #0\n`,
    7,
    0,
  ],
  [
    'curl -v nobody',
    `${METER}* Could not resolve host: nobody\n* closing connection #0\ncurl: (6) Could not resolve host: nobody\n`,
    6,
    0,
  ],
  [
    'curl -sSv -m 2 web:81',
    `* Host web:81 was resolved.\n* IPv6: (none)\n* IPv4: 10.96.7.7\n*   Trying 10.96.7.7:81...\n* Connection timed out after 2001 milliseconds\n* closing connection #0\ncurl: (28) Connection timed out after 2001 milliseconds\n`,
    28,
    2,
  ],
  [
    'curl -sS 10.244.1.77',
    'curl: (7) Failed to connect to 10.244.1.77 port 80 after 3000 ms: Could not connect to server\n',
    7,
    3,
  ],
  ['curl -s -w "%{http_code} %{exitcode} %{errormsg}\\n" empty', `000 7 ${REFUSED}\n`, 7, 0],
  [
    'curl -s -o /dev/null -w "%{http_code} %{size_download} %{content_type} %{remote_ip}:%{remote_port} %{url_effective} %{method}\\n" web',
    '200 615 text/html 10.96.7.7:80 http://web/ GET\n',
    0,
    0,
  ],
  ['curl -s -o /dev/null -w "%{nope}|%%" web', "curl: unknown --write-out variable: 'nope'\n|%", 0, 0],
  ['curl', "curl: try 'curl --help' or 'curl --manual' for more information\n", 2, 0],
  ['curl -s', "curl: (2) no URL specified\ncurl: try 'curl --help' or 'curl --manual' for more information\n", 2, 0],
  [
    'curl --nope web',
    "curl: option --nope: is unknown\ncurl: try 'curl --help' or 'curl --manual' for more information\n",
    2,
    0,
  ],
  ['curl -sS gopher://web', 'curl: (1) Protocol "gopher" not supported\n', 1, 0],
  [
    'curl -sS http://web:99999',
    'curl: (3) URL rejected: Port number was not a decimal number between 0 and 65535\n',
    3,
    0,
  ],
])('%s', (command, output, code, seconds) => {
  expect(shop('nginx:perl').run(command)).toEqual([output, code, seconds]);
});

test('an older curl does not tell of the version that it speaks', () => {
  const told = `${RESOLVED}${CONNECTED}${asked('/none', '8.10.1')}${answered}< \n`;
  expect(shop('curlimages/curl:8.10.1').run('curl -sv -o /dev/null web/none')[0].startsWith(told)).toBe(true);
});

const BEGUN = '--2026-05-01 10:00:00--  http://web/';
const FOUND =
  'Resolving web (web)... 10.96.7.7\nConnecting to web (web)|10.96.7.7|:80... connected.\nHTTP request sent, awaiting response... ';
const DONE = `\n     0K${' '.repeat(55)}100% 2.99M=0s\n\n2026-05-01 10:00:00 (2.99 MB/s) - `;
const SPIDER = 'Spider mode enabled. Check if remote file exists.\n';
const OK = `${BEGUN}\n${FOUND}200 OK\nLength: 615 [text/html]\n`;

// of GNU wget 1.21 to 1.25
test.each<[string, string, number, number]>([
  ['wget -O /dev/null web', `${OK}Saving to: '/dev/null'\n${DONE}'/dev/null' saved [615/615]\n\n`, 0, 0],
  ['LANG=C.UTF-8 wget nobody 2>&1 | tail -n 1', 'wget: unable to resolve host address ‘nobody’\n', 0, 0],
  [
    'cd /tmp; wget -q web; wget web 2>&1 | grep saved; ls index*',
    "2026-05-01 10:00:00 (2.99 MB/s) - 'index.html.1' saved [615/615]\nindex.html\nindex.html.1\n",
    0,
    0,
  ],
  ['wget -nv -O /dev/null web', '2026-05-01 10:00:00 URL:http://web/ [615/615] -> "/dev/null" [1]\n', 0, 0],
  ['wget web/none', `${BEGUN}none\n${FOUND}404 Not Found\n2026-05-01 10:00:00 ERROR 404: Not Found.\n\n`, 8, 0],
  ['wget -nv web/none', 'http://web/none:\n2026-05-01 10:00:00 ERROR 404: Not Found.\n', 8, 0],
  ['wget -q web/none', '', 8, 0],
  [
    'wget --spider web',
    `${SPIDER}${OK}Remote file exists and could contain further links,\nbut recursion is disabled -- not retrieving.\n\n`,
    0,
    0,
  ],
  [
    'wget --spider web/none',
    `${SPIDER}${BEGUN}none\n${FOUND}404 Not Found\nRemote file does not exist -- broken link!!!\n\n`,
    8,
    0,
  ],
  [
    'wget empty',
    '--2026-05-01 10:00:00--  http://empty/\nResolving empty (empty)... 10.96.7.8\nConnecting to empty (empty)|10.96.7.8|:80... failed: Connection refused.\n',
    4,
    0,
  ],
  [
    'wget nobody',
    "--2026-05-01 10:00:00--  http://nobody/\nResolving nobody (nobody)... failed: Name or service not known.\nwget: unable to resolve host address 'nobody'\n",
    4,
    0,
  ],
  [
    'wget -T 2 -t 2 web:81',
    '--2026-05-01 10:00:00--  http://web:81/\nResolving web (web)... 10.96.7.7\nConnecting to web (web)|10.96.7.7|:81... failed: Connection timed out.\nRetrying.\n\n--2026-05-01 10:00:03--  (try: 2)  http://web:81/\nConnecting to web (web)|10.96.7.7|:81... failed: Connection timed out.\nGiving up.\n\n',
    4,
    5,
  ],
  ['wget', "wget: missing URL\nUsage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.\n", 1, 0],
])('GNU: %s', (command, output, code, seconds) => {
  expect(shop('perl:5.40').run(command)).toEqual([output, code, seconds]);
});

test.each<[string, string, number, number]>([
  [
    'wget -O /dev/null web',
    `Connecting to web (10.96.7.7:80)\nsaving to '/dev/null'\nnull                 100% |********************************|   615  0:00:00 ETA\n'/dev/null' saved\n`,
    0,
    0,
  ],
  [
    'cd /tmp; wget -q web; wget web',
    "Connecting to web (10.96.7.7:80)\nwget: can't open 'index.html': File exists\n",
    1,
    0,
  ],
  ['wget web/none', 'Connecting to web (10.96.7.7:80)\nwget: server returned error: HTTP/1.1 404 Not Found\n', 1, 0],
  ['wget --spider web', 'Connecting to web (10.96.7.7:80)\nremote file exists\n', 0, 0],
  ['wget -T 2 https://web', 'Connecting to web (10.96.7.7:443)\nwget: download timed out\n', 1, 2],
  [
    'wget -qO- https://web:80',
    'wget: note: TLS certificate validation not implemented\nwget: TLS error from peer (alert code 70): protocol version\n',
    1,
    0,
  ],
  ['wget gopher://web', 'wget: not an http or ftp url: gopher://web\n', 1, 0],
])('busybox: %s', (command, output, code, seconds) => {
  expect(shop().run(command)).toEqual([output, code, seconds]);
});
