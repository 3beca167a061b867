/** npm start: everything a fresh machine needs, then the trainer. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root, setUp } from './setup/index.mjs';
import { fail } from './setup/say.mjs';

const node = await setUp().catch(fail);
const child = spawn(node, [join(root, 'bin/drydock'), 'serve', ...process.argv.slice(2)], {
  stdio: 'inherit',
  cwd: root,
});
// the terminal sends Ctrl-C to both: the child decides when it is done
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
