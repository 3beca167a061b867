import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { PodTemplateSpec } from '../api/types.ts';
import { revisionHash, templateHash } from './template-hash.ts';

/** Random templates and what Kubernetes 1.35.4 (controller.ComputeHash, after a way through protobuf) makes of them. */
const golden = JSON.parse(readFileSync(new URL('./template-hash.golden.json', import.meta.url), 'utf8')) as {
  hash: string;
  template: PodTemplateSpec;
}[];

test('templates of all shapes have the hash that the real controller manager gives them', () => {
  expect(golden.map(({ template }) => templateHash(template, undefined))).toEqual(golden.map(({ hash }) => hash));
});

const container = {
  image: 'httpd:2.4.59',
  imagePullPolicy: 'IfNotPresent',
  name: 'httpd',
  ports: [{ containerPort: 80, protocol: 'TCP' }],
  resources: {},
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
};
const template: PodTemplateSpec = {
  metadata: { labels: { app: 'stable', lane: 'shared' } },
  spec: {
    containers: [container],
    dnsPolicy: 'ClusterFirst',
    restartPolicy: 'Always',
    schedulerName: 'default-scheduler',
    securityContext: {},
    terminationGracePeriodSeconds: 30,
  },
};

test('the hash of a template, also after clashes', () => {
  expect(templateHash(template, undefined)).toBe('8bfcd86d4');
  expect(templateHash(template, 0)).toBe('8c5bd99f6');
  expect(templateHash(template, 3)).toBe('dcbc499f9');
});

test('the hash of a revision is of its data as Go writes them', () => {
  expect(revisionHash({ spec: { template: { ...template, $patch: 'replace' } } }, 0)).toBe('56b656d5f8');
});
