/** nginx: reads its configuration, serves by it, tells in its logs what it does, and hears its signals. */
import { formatDate } from '../../commands/date.ts';
import { FileError } from '../../files/file-view.ts';
import type { Context, Program } from '../../shell/box.ts';
import type { Run } from '../../shell/coroutine.ts';
import { showAs } from '../../shell/process-rows.ts';
import { httpServer, type HttpRequest } from '../http-server.ts';
import { store, textOf, untilSignal } from '../serve.ts';
import { ConfigFault, readConfig, type Config } from './config.ts';
import { Site } from './site.ts';

const CONFIG = '/etc/nginx/nginx.conf';
const WORKERS = [29, 30];

/** Whether log lines reach the container's output: the images link the files there. */
function* nginx({ box, io, argv, pending }: Context, version: string, built: string): Run {
  // several lines are written at one moment
  let stamped = { at: -1, text: '' };
  const stamp = (): string => {
    const at = box.now();
    if (stamped.at !== at) stamped = { at, text: formatDate(at, '%Y/%m/%d %H:%M:%S') };
    return stamped.text;
  };
  const note = (text: string, level = 'notice', pid = 1) =>
    io.stderr.write(`${stamp()} [${level}] ${pid}#${pid}: ${text}\n`);
  const option = (letter: string) => {
    const at = argv.indexOf(`-${letter}`);
    return at === -1 ? undefined : argv[at + 1];
  };
  const path = option('c') ?? CONFIG;
  const read = (): { config: Config; site: Site } => {
    const config = readConfig(box, path);
    const site = new Site(config, box, version);
    site.check();
    return { config, site };
  };
  const unknown = argv.slice(1).find((word) => /^-[^vVhtTqscgep]/.test(word));
  if (unknown !== undefined) {
    io.stderr.write(`nginx: invalid option: "${unknown.slice(1)}"\n`);
    return 1;
  }
  if (argv.includes('-v') || argv.includes('-V')) {
    io.stderr.write(
      `nginx version: nginx/${version}\n${argv.includes('-V') ? `built by ${built}\nbuilt with OpenSSL 3.5.1 1 Jul 2025\nTLS SNI support enabled\n` : ''}`,
    );
    return 0;
  }
  const setting = (config: Config, name: string, otherwise: string): string => {
    const all = [
      ...config.directives,
      ...config.directives.flatMap((one) => (one.name === 'http' ? (one.block ?? []) : [])),
    ];
    return all.find((one) => one.name === name)?.args[0] ?? otherwise;
  };
  const testing = argv.includes('-t') || argv.includes('-T');
  const signal = option('s');
  let begun: { config: Config; site: Site };
  try {
    begun = read();
  } catch (fault) {
    if (!(fault instanceof ConfigFault)) throw fault;
    if (!testing && signal === undefined) note(fault.message, 'emerg');
    io.stderr.write(`nginx: [emerg] ${fault.message}\n`);
    if (testing) io.stderr.write(`nginx: configuration file ${path} test failed\n`);
    return 1;
  }
  if (testing) {
    if (!argv.includes('-q'))
      io.stderr.write(
        `nginx: the configuration file ${path} syntax is ok\nnginx: configuration file ${path} test is successful\n`,
      );
    if (argv.includes('-T'))
      for (const file of begun.config.files) io.stdout.write(`# configuration file ${file.path}:\n${file.text}\n`);
    return 0;
  }
  if (signal !== undefined) {
    const sent = { reload: 'HUP', stop: 'TERM', quit: 'QUIT', reopen: 'USR1' }[signal];
    if (sent === undefined) {
      io.stderr.write(`nginx: invalid option: "-s ${signal}"\n`);
      return 1;
    }
    note('signal process started', 'notice', 35);
    const path = setting(begun.config, 'pid', '/run/nginx.pid');
    const pid = Number.parseInt(textOf(box, path) ?? '', 10);
    if (Number.isNaN(pid)) {
      note(`open() "${path}" failed (2: No such file or directory)`, 'error', 35);
      io.stderr.write(`nginx: [error] open() "${path}" failed (2: No such file or directory)\n`);
      return 1;
    }
    box.kill(pid, sent);
    return 0;
  }
  if (box.who.uid !== 0 && begun.config.directives.some((one) => one.name === 'user'))
    note(
      `the "user" directive makes sense only if the master process runs with super-user privileges, ignored in ${path}:2`,
      'warn',
    );
  const pidFile = setting(begun.config, 'pid', '/run/nginx.pid');
  const temporary = setting(begun.config, 'client_body_temp_path', '/var/cache/nginx/client_temp');
  try {
    box.files.makeFolder(temporary, { parents: true });
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const why = `mkdir() "${temporary}" failed (${error.fault === 'EROFS' ? 30 : 13}: ${error.message})`;
    note(why, 'emerg');
    io.stderr.write(`nginx: [emerg] ${why}\n`);
    return 1;
  }
  if (!store(box, pidFile, '1\n')) {
    const why = box.who.uid === 0 ? '30: Read-only file system' : '13: Permission denied';
    note(`open() "${pidFile}" failed (${why})`, 'emerg');
    io.stderr.write(`nginx: [emerg] open() "${pidFile}" failed (${why})\n`);
    return 1;
  }
  note('using the "epoll" event method');
  note(`nginx/${version}`);
  note(`built by ${built} `);
  note('OS: Linux 6.8.0-51-generic');
  note('getrlimit(RLIMIT_NOFILE): 1048576:1048576');
  note('start worker processes');
  for (const pid of WORKERS) note(`start worker process ${pid}`);

  showAs(box, [
    { pid: 1, user: 'root', command: `nginx: master process ${argv.join(' ')}` },
    ...WORKERS.map((pid) => ({ pid, user: 'nginx', command: 'nginx: worker process' })),
  ]);
  let { site } = begun;
  let connections = 0;
  const respond = (port: number) => (request: HttpRequest) => {
    const { response, problem, logged } = site.respond(request, port);
    connections++;
    const { method, path: asked, version: protocol, headers, from } = request;
    const line = `${method} ${asked} ${protocol}`;
    if (problem !== undefined) {
      const [what = '', upstream] = problem.split('|');
      note(
        `*${connections} ${what}, client: ${from}, server: localhost, request: "${line}", ${upstream === undefined ? '' : `upstream: "${upstream}", `}host: "${headers.get('host') ?? ''}"`,
        'error',
        WORKERS[0],
      );
    }
    if (logged)
      io.stdout.write(
        `${from} - - [${formatDate(box.now(), '%d/%b/%Y:%H:%M:%S +0000')}] "${line}" ${response.status} ${method === 'HEAD' ? 0 : response.body.length} "${headers.get('referer') ?? '-'}" "${headers.get('user-agent') ?? '-'}" "${headers.get('x-forwarded-for') ?? '-'}"\n`,
      );
    return response;
  };
  const open = () => {
    for (const port of site.ports)
      box.listen(port, httpServer({ name: site.banner, now: () => box.now(), respond: respond(port) }));
  };
  open();
  return yield* untilSignal({ pending }, (name) => {
    if (name === 'HUP') {
      note('signal 1 (SIGHUP) received from 35, reconfiguring');
      note('reconfiguring');
      try {
        ({ site } = read());
        open();
        note('using the "epoll" event method');
        note('start worker processes');
        for (const pid of WORKERS) note(`start worker process ${pid + 8}`);
        for (const pid of WORKERS) note('gracefully shutting down', 'notice', pid);
      } catch (fault) {
        if (!(fault instanceof ConfigFault)) throw fault;
        note(fault.message, 'emerg');
      }
      return undefined;
    }
    if (name !== 'TERM' && name !== 'INT' && name !== 'QUIT') return undefined;
    const number = { TERM: 15, INT: 2, QUIT: 3 }[name];
    note(`signal ${number} (SIG${name}) received, ${name === 'QUIT' ? 'shutting down' : 'exiting'}`);
    for (const pid of WORKERS) note(name === 'QUIT' ? 'gracefully shutting down' : 'exiting', 'notice', pid);
    for (const pid of WORKERS) note('exit', 'notice', pid);
    note('exit');
    return 0;
  });
}

export const nginxProgram =
  (version: string, built = 'gcc 14.2.0 (Debian 14.2.0-19)'): Program =>
  (context) =>
    nginx(context, version, built);

/** What the image runs first: prepares the configuration, then becomes its arguments. */
export function* dockerEntrypoint({ io, argv, box, call }: Context): Run {
  if (argv[1] !== 'nginx' && argv[1] !== 'nginx-debug') return yield* call(argv.slice(1));
  const say = (text: string) => io.stdout.write(`/docker-entrypoint.sh: ${text}\n`);
  const site = '/etc/nginx/conf.d/default.conf';
  say('/docker-entrypoint.d/ is not empty, will attempt to perform configuration');
  say('Looking for shell scripts in /docker-entrypoint.d/');
  say('Launching /docker-entrypoint.d/10-listen-on-ipv6-by-default.sh');
  const info = (text: string) => io.stdout.write(`10-listen-on-ipv6-by-default.sh: info: ${text}\n`);
  const text = textOf(box, site);
  if (text === undefined) info(`${site} is not a file or does not exist`);
  else if (!box.files.may(site, 2)) info(`can not modify ${site} (read-only file system?)`);
  else if (/listen\s+\[::\]:80;/.test(text)) info('IPv6 listen already enabled');
  else {
    info(`Getting the checksum of ${site}`);
    if (/listen {7}80;/.test(text)) {
      store(box, site, text.replace('listen       80;', 'listen       80;\n    listen  [::]:80;'));
      info(`Enabled listen on IPv6 in ${site}`);
    } else info(`${site} differs from the packaged version`);
  }
  io.stdout.write('/docker-entrypoint.sh: Sourcing /docker-entrypoint.d/15-local-resolvers.envsh\n');
  say('Launching /docker-entrypoint.d/20-envsubst-on-templates.sh');
  say('Launching /docker-entrypoint.d/30-tune-worker-processes.sh');
  say('Configuration complete; ready for start up');
  return yield* call(argv.slice(1));
}
