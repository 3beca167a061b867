/** The programs of a candidate's machine and of its sandbox, from Debian's and Ubuntu's packages. */
import { capture, has, run } from './run.mjs';
import { say, SetupError, step } from './say.mjs';

/** Program to look for, and the package that brings it. */
const TOOLS = {
  bwrap: 'bubblewrap',
  vim: 'vim',
  nano: 'nano',
  jq: 'jq',
  less: 'less',
  man: 'man-db',
  groff: 'groff-base',
  tmux: 'tmux',
  openssl: 'openssl',
  curl: 'curl',
  ssh: 'openssh-client',
  watch: 'procps',
  perl: 'perl-base',
  nsenter: 'util-linux',
  mount: 'mount',
};
/** Not a program: looked for by its file. */
const COMPLETION = { file: '/usr/share/bash-completion/bash_completion', package: 'bash-completion' };
/** For the browser journeys of the tests. */
const BROWSER = { chromium: 'chromium' };

function missingPackages(tools) {
  const missing = Object.entries(tools)
    .filter(([program]) => !has(program))
    .map(([, name]) => name);
  if (capture('test', ['-f', COMPLETION.file]) === undefined) missing.push(COMPLETION.package);
  return missing;
}

/** @param {{browser: boolean}} wanted whether the tests' browser is needed as well */
export async function installSandboxTools({ browser }) {
  const tools = browser ? { ...TOOLS, ...BROWSER } : TOOLS;
  const missing = missingPackages(tools);
  if (missing.length === 0) return;
  const root = process.getuid?.() === 0;
  const command = `${root ? '' : 'sudo '}apt-get install -y ${missing.join(' ')}`;
  const byHand = (why) =>
    new SetupError(
      `Some programs are missing: ${missing.join(', ')}.\n${why}\nInstall them, then start again:\n\n    ${command}\n`,
    );
  if (!has('apt-get'))
    throw byHand('This machine has no apt-get; use its own package manager for these (Debian names).');
  if (process.env['DRYDOCK_NO_APT'] === '1') throw byHand('DRYDOCK_NO_APT=1 asks not to install anything.');
  const sudo = root ? [] : ['sudo', '-n'];
  if (!root && capture('sudo', ['-n', 'true']) === undefined)
    throw byHand('Installing them needs root, and sudo asks for a password.');
  say(`Installing with apt: ${missing.join(' ')} (DRYDOCK_NO_APT=1 refuses this)`);
  const apt = (...args) => {
    const [program, ...rest] = [...sudo, 'apt-get', ...args];
    return run(program, rest, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  };
  await step('reading the package lists', () => apt('update', '-qq'));
  await step('installing packages', () => apt('install', '-y', '-qq', '--no-install-recommends', ...missing));
  const still = missingPackages(tools);
  if (still.length > 0) throw new SetupError(`apt installed them, yet these are still not found: ${still.join(', ')}`);
}
