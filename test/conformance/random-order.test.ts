import { expect, test } from '@jest/globals';
import { inOneOrder, listInOneOrder } from './random-order.ts';

const refused = (...reasons: string[]) =>
  `error: unable to drain node "n" due to error: [${reasons.join(', ')}], continuing command...\nThere are pending nodes to be drained:\n n\n${reasons.join('\n')}`;
const [STORAGE, DAEMON] = [
  'cannot delete Pods with local storage: a/b, a/c',
  'cannot delete DaemonSet-managed Pods: c/d',
];
const cpu = ' Container  cpu  -  -  200m  400m  -';
const memory = ' Container  memory  -  -  128Mi  256Mi  -';
const complaint = "sh: can't create /etc/b: Read-only file system";

test.each([
  ['refusals of a drain', 'kubectl drain n', refused(STORAGE, DAEMON), refused(DAEMON, STORAGE)],
  ['evictions', 'kubectl drain n', 'evicting pod a/b\nevicting pod a/c', 'evicting pod a/c\nevicting pod a/b'],
  ['resources of a LimitRange', 'kubectl -n a describe ns a', `Name:\n${cpu}\n${memory}`, `Name:\n${memory}\n${cpu}`],
  ['two streams of a container', 'kubectl logs a', `one\n${complaint}\ntwo`, `${complaint}\none\ntwo`],
  [
    'containers of a pod',
    'kubectl logs a --all-containers --prefix',
    '[pod/a/x] 1\n[pod/a/x] 2\n[pod/a/y] 1',
    '[pod/a/y] 1\n[pod/a/x] 1\n[pod/a/x] 2',
  ],
])('%s are the same in either order', (_name, command, one, other) => {
  expect(inOneOrder(command, one)).toBe(inOneOrder(command, other));
});

test.each([
  ['another pod of a refusal', 'kubectl drain n', refused(STORAGE, DAEMON), refused('cannot delete x: a/b', DAEMON)],
  ['pods within a refusal', 'kubectl drain n', refused('cannot delete x: a, b'), refused('cannot delete x: b, a')],
  ['another limit', 'kubectl describe limits', `${cpu}\n${memory}`, `${memory}\n${cpu.replace('200m', '300m')}`],
  ['lines of one stream', 'kubectl logs a', 'one\ntwo', 'two\none'],
  ['other lines of describe', 'kubectl describe pod a', 'one\ntwo', 'two\none'],
  ['another command', 'kubectl get events', `one\n${complaint}`, `${complaint}\none`],
])('%s are seen', (_name, command, one, other) => {
  expect(inOneOrder(command, one)).not.toBe(inOneOrder(command, other));
});

const named = (name: string, replicas: number) => ({ metadata: { name }, replicas });

test('objects with drawn names come in any order, others do not', () => {
  const drawn = [named('web-<hash>', 1), named('web-<hash>', 0)];
  expect(listInOneOrder(drawn)).toEqual(listInOneOrder(drawn.toReversed()));
  expect(listInOneOrder(drawn)).not.toEqual(listInOneOrder([named('web-<hash>', 1), named('web-<hash>', 2)]));
  const given = [named('a', 1), named('b', 0)];
  expect(listInOneOrder(given)).toEqual(given);
  expect(listInOneOrder({ error: 'none' })).toEqual({ error: 'none' });
});
