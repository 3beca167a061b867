import { expect, test } from '@jest/globals';
import type { Ingress, IngressClass } from '../../api/types.ts';
import { admit } from '../testing.ts';
import { defaultIngressClass } from './index.ts';

const nginx: IngressClass = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'IngressClass',
  metadata: { name: 'nginx', annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' } },
};
test.each<[string, Partial<Ingress>, string | undefined]>([
  ['no class', {}, 'nginx'],
  ['a class', { spec: { ingressClassName: 'other' } }, 'other'],
  ['the old annotation', { metadata: { name: 'i', annotations: { 'kubernetes.io/ingress.class': 'old' } } }, undefined],
])('an ingress with %s', (_case, rest, expected) => {
  const object: Ingress = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'i' }, ...rest };
  const admitted = admit(
    defaultIngressClass,
    'ingresses.networking.k8s.io',
    { object },
    { 'ingressclasses.networking.k8s.io': [nginx] },
  );
  expect((admitted.object as Ingress).spec?.ingressClassName).toBe(expected);
});
