import { expect, test } from '@jest/globals';
import type { Pod } from '../../../api/types.ts';
import { replay } from '../../pod-spec/testing/replay.ts';
import { podStatusText } from './columns.ts';
import { pod } from './index.ts';

replay(pod, import.meta.url);

const named = (spec: Partial<Pod['spec']>, status: Pod['status'] = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p' },
  spec: { containers: [{ name: 'c' }], ...spec },
  status,
});

test.each([
  ['the spec decides', named({ nodeName: 'n', terminationGracePeriodSeconds: 12 }), undefined, 12],
  ['the request decides first', named({ nodeName: 'n', terminationGracePeriodSeconds: 12 }), 3, 3],
  ['nothing runs yet', named({ terminationGracePeriodSeconds: 12 }), 3, 0],
  ['it is over', named({ nodeName: 'n' }, { phase: 'Failed' }), 30, 0],
  ['a negative period counts as one second', named({ nodeName: 'n' }), -1, 1],
])('grace period: %s', (_name, object, requested, seconds) => {
  expect(pod.gracePeriodSeconds?.(object, requested)).toBe(seconds);
});

test('fields that selectors can ask for', () => {
  expect(
    pod.fields?.(named({ nodeName: 'n', hostNetwork: true }, { phase: 'Running', podIPs: [{ ip: '10.0.0.1' }] })),
  ).toEqual({
    'spec.nodeName': 'n',
    'spec.restartPolicy': '',
    'spec.schedulerName': '',
    'spec.serviceAccountName': '',
    'spec.hostNetwork': 'true',
    'status.phase': 'Running',
    'status.podIP': '10.0.0.1',
    'status.nominatedNodeName': '',
  });
});

test('a pod on a lost node that is being deleted is unknown', () => {
  const object = named({}, { phase: 'Running', reason: 'NodeLost' });
  object.metadata.deletionTimestamp = '2026-01-01T00:00:00Z';
  expect(podStatusText(object)).toBe('Unknown');
});

test('a container that may not restart stays ended', () => {
  const ended = { name: 'c', image: '', imageID: '', ready: false, restartCount: 0 };
  const old = named(
    { restartPolicy: 'Never' },
    { containerStatuses: [{ ...ended, state: { terminated: { exitCode: 0 } } }] },
  );
  const now = named({ restartPolicy: 'Never' }, { containerStatuses: [{ ...ended, state: { running: {} } }] });
  const context = {
    store: { get: () => undefined, list: () => [] },
    clock: { now: () => 0 },
    random: { next: () => 0, suffix: () => '', uuid: () => '' },
    subresource: 'status',
  };
  expect(pod.validateStatusUpdate?.(now, old, context)).toEqual([
    {
      type: 'Forbidden',
      field: 'status.containerStatuses[0].state',
      body: 'Forbidden: may not be transitioned to non-terminated state',
    },
  ]);
});
