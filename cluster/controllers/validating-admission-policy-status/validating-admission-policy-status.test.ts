import { expect, test } from '@jest/globals';
import type { PolicySpec, ValidatingAdmissionPolicy } from '../../api/admission-registration.ts';
import { bench } from '../testing.ts';
import { validatingAdmissionPolicyStatus } from './index.ts';

const POLICIES = 'validatingadmissionpolicies.admissionregistration.k8s.io';

function statusOf(resources: string[], validations: PolicySpec['validations'], rest: PolicySpec = {}) {
  const { client, settle } = bench([validatingAdmissionPolicyStatus]);
  client.create<ValidatingAdmissionPolicy>(POLICIES, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'p' },
    spec: {
      matchConstraints: {
        resourceRules: [{ apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE'], resources }],
      },
      validations: validations ?? [],
      ...rest,
    },
  });
  settle();
  return client.get<ValidatingAdmissionPolicy>(POLICIES, '', 'p')?.status;
}

test('expressions that fit are told nothing about', () => {
  expect(statusOf(['deployments'], [{ expression: 'object.spec.replicas > 1' }])).toEqual({
    observedGeneration: 1,
    typeChecking: {},
  });
});

test('fields that are not there are told, a kind a line', () => {
  const status = statusOf(
    ['statefulsets', 'deployments', 'deployments/scale'],
    [{ expression: 'object.spec.replcas > 1' }, { expression: "variables.r == 'x'" }],
    { variables: [{ name: 'r', expression: 'object.spec.replicas' }] },
  );
  const warning = (kind: string) =>
    `apps/v1, Kind=${kind}: ERROR: <input>:1:12: undefined field 'replcas'\n | object.spec.replcas > 1\n | ...........^\n`;
  const mismatch = (kind: string) =>
    `apps/v1, Kind=${kind}: ERROR: <input>:1:13: found no matching overload for '_==_' applied to '(int, string)'\n | variables.r == 'x'\n | ............^\n`;
  expect(status?.typeChecking?.expressionWarnings).toEqual([
    {
      fieldRef: 'spec.validations[0].expression',
      warning: `${warning('Deployment')}\n${warning('StatefulSet')}`,
    },
    {
      fieldRef: 'spec.validations[1].expression',
      warning: `${mismatch('Deployment')}\n${mismatch('StatefulSet')}`,
    },
  ]);
});

test('wildcards say nothing about types', () => {
  expect(statusOf(['*'], [{ expression: 'object.nothing == 1' }])?.typeChecking).toEqual({});
});
