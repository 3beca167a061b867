import { expect, test } from '@jest/globals';
import type { KubeObject, Namespace, Pod, PodSpec } from '../../api/types.ts';
import { admit } from '../testing.ts';
import { podSecurity } from './index.ts';

type Labels = Record<string, string>;
const label = (mode: string) => `pod-security.kubernetes.io/${mode}`;
const namespace = (labels: Labels): Namespace => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'locked', labels },
});
const pod = (spec: Partial<PodSpec>): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'locked' },
  spec: { containers: [{ name: 'c' }], ...spec },
});
const enter = (labels: Labels, object: KubeObject, resource = 'pods') =>
  admit(podSecurity, resource, { object }, { namespaces: [namespace(labels)] });

const privileged: Partial<PodSpec> = {
  hostNetwork: true,
  containers: [
    {
      name: 'c',
      ports: [{ containerPort: 80, hostPort: 80 }],
      securityContext: { privileged: true, capabilities: { add: ['SYS_ADMIN'] } },
    },
  ],
  volumes: [{ name: 'h', hostPath: { path: '/' } }],
};
const careful: Partial<PodSpec> = {
  securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
  containers: [{ name: 'c', securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } }],
};
const RESTRICTED =
  'allowPrivilegeEscalation != false (container "c" must set securityContext.allowPrivilegeEscalation=false), ' +
  'unrestricted capabilities (container "c" must set securityContext.capabilities.drop=["ALL"]), ' +
  'runAsNonRoot != true (pod or container "c" must set securityContext.runAsNonRoot=true), ' +
  'seccompProfile (pod or container "c" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")';

// as recorded from 1.35.4
test.each<[string, string, Partial<PodSpec>, string | undefined]>([
  ['privileged in privileged', 'privileged', privileged, undefined],
  [
    'privileged in baseline',
    'baseline',
    privileged,
    'violates PodSecurity "baseline:latest": ' +
      'non-default capabilities (container "c" must not include "SYS_ADMIN" in securityContext.capabilities.add), ' +
      'host namespaces (hostNetwork=true), hostPath volumes (volume "h"), hostPort (container "c" uses hostPort 80), ' +
      'privileged (container "c" must not set securityContext.privileged=true)',
  ],
  ['plain in baseline', 'baseline', {}, undefined],
  ['plain in restricted', 'restricted', {}, `violates PodSecurity "restricted:latest": ${RESTRICTED}`],
  ['careful in restricted', 'restricted', careful, undefined],
  [
    'a volume of the host in restricted',
    'restricted',
    { ...careful, volumes: [{ name: 'h', hostPath: { path: '/' } }] },
    'violates PodSecurity "restricted:latest": restricted volume types (volume "h" uses restricted volume type "hostPath")',
  ],
  [
    'root in restricted',
    'restricted',
    { ...careful, securityContext: { ...careful.securityContext, runAsUser: 0 } },
    'violates PodSecurity "restricted:latest": runAsUser=0 (pod must not set runAsUser=0)',
  ],
])('%s', (_case, level, spec, why) => {
  expect(enter({ [label('enforce')]: level }, pod(spec)).refusal).toBe(why && `pods "p" is forbidden: ${why}`);
});

test('templates are warned about', () => {
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'd', namespace: 'locked' },
    spec: { template: { spec: pod({}).spec } },
  };
  const admitted = enter({ [label('enforce')]: 'restricted' }, deployment, 'deployments.apps');
  expect(admitted).toMatchObject({
    refusal: undefined,
    warnings: [`would violate PodSecurity "restricted:latest": ${RESTRICTED}`],
  });
});

test.each<[Labels, string | undefined]>([
  [{ [label('enforce')]: 'baseline', [label('enforce-version')]: 'v1.35' }, undefined],
  [
    { [label('enforce')]: 'strict' },
    'metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "strict": must be one of privileged, baseline, restricted',
  ],
  [
    { [label('enforce-version')]: 'v0.9' },
    'metadata.labels[pod-security.kubernetes.io/enforce-version]: Invalid value: "v0.9": must be "latest" or "v1.x"',
  ],
])('labels %j', (labels, why) => {
  const { refusal } = admit(podSecurity, 'namespaces', { object: namespace(labels) });
  expect(refusal).toBe(why && `Namespace "locked" is invalid: ${why}`);
});

test('a namespace that gets stricter names the pods that would not get in', () => {
  const one = { ...pod({}), metadata: { name: 'one', namespace: 'locked' } };
  const two = { ...pod({}), metadata: { name: 'two', namespace: 'locked' } };
  const object = namespace({ [label('enforce')]: 'restricted' });
  const { warnings } = admit(
    podSecurity,
    'namespaces',
    { operation: 'UPDATE', object, old: namespace({}) },
    { pods: [one, two] },
  );
  expect(warnings).toEqual([
    'existing pods in namespace "locked" violate the new PodSecurity enforce level "restricted:latest"',
    'one (and 1 other pod): allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot != true, seccompProfile',
  ]);
});
