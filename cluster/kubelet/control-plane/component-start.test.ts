import { expect, test } from '@jest/globals';
import { file, folder, Tree, treeOf } from '../files/file-tree.ts';
import { FileView } from '../files/file-view.ts';
import type { Box, Context } from '../shell/box.ts';
import { atOnce, Collector, nothingIn } from '../shell/coroutine.ts';
import { startingChecked } from './component-start.ts';

const WHO = { uid: 0, gid: 0, groups: [0], privileged: true };
const DISK = treeOf({ 'etc/kubernetes/scheduler.conf': file('apiVersion: v1\n'), tmp: folder() });

function started(...argv: string[]): { code: number; said: string } {
  const said = new Collector(10_000);
  const mounts = [{ path: '', tree: new Tree(DISK), within: [], readOnly: false, type: 'overlay' }];
  const box = { files: new FileView(mounts, WHO, () => 0), now: () => Date.UTC(2026, 10, 21, 17, 9, 55) };
  const run = startingChecked(argv[0] ?? '', () => atOnce(() => 0))({
    argv,
    io: { stdin: nothingIn, stdout: said, stderr: said },
    box: box as unknown as Box,
  } as unknown as Context);
  let step = run.next();
  while (!step.done) step = run.next();
  return { code: step.value, said: said.text };
}

const SELF_SIGNED = 'I1121 17:09:55.000000       1 serving.go:386] Generated self-signed cert in-memory\n';

test.each([
  ['what kubeadm writes', ['--kubeconfig=/etc/kubernetes/scheduler.conf', '--leader-elect=true'], ''],
  ['an unknown flag', ['--leader-elekt=true'], 'Error: unknown flag: --leader-elekt\n'],
  [
    'no truth',
    ['--leader-elect=maybe'],
    'Error: invalid argument "maybe" for "--leader-elect" flag: strconv.ParseBool: parsing "maybe": invalid syntax\n',
  ],
  [
    'no address',
    ['--bind-address=foo'],
    'Error: invalid argument "foo" for "--bind-address" flag: failed to parse IP: "foo"\n',
  ],
  [
    'a missing kubeconfig',
    ['--kubeconfig=/etc/kubernetes/nope.conf'],
    `${SELF_SIGNED}Error: stat /etc/kubernetes/nope.conf: no such file or directory\n`,
  ],
  ['a stray word', ['stray'], 'Error: "kube-scheduler" does not take any arguments, got ["stray"]\n'],
])('kube-scheduler with %s', (_name, args, said) => {
  expect(started('kube-scheduler', ...args)).toEqual({ code: said === '' ? 0 : 1, said });
});

test('a controller manager without its key names the controller that wanted it', () => {
  const { said } = started('kube-controller-manager', '--root-ca-file=/nope', '--tls-cert-file=/x');
  expect(said).toBe(
    [
      'I1121 17:09:55.000000       1 controllermanager.go:189] "Starting" version="v1.35.4"',
      'I1121 17:09:55.000000       1 controllermanager.go:191] "Golang settings" GOGC="" GOMAXPROCS="" GOTRACEBACK=""',
      'E1121 17:09:55.000000       1 controllermanager.go:575] "Error initializing a controller" err="error parsing root-ca-file at /nope: open /nope: no such file or directory" controller="serviceaccount-token-controller"',
      'E1121 17:09:55.000000       1 controllermanager.go:257] "Error building controllers" err="error parsing root-ca-file at /nope: open /nope: no such file or directory"',
      '',
    ].join('\n'),
  );
});
