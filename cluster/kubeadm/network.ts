/** The network of the pods: Calico, which is what makes NetworkPolicies hold. */
import type { DaemonSet, Deployment } from '../api/types.ts';
import { PREFERS_CONTROL_PLANE, TOLERATES_CONTROL_PLANE } from './placement.ts';

const NAMESPACE = 'kube-system';
const VERSION = 'v3.31.2';
const REGISTRY = 'quay.io/calico';
const EVERYWHERE = [
  { effect: 'NoSchedule', operator: 'Exists' },
  { key: 'CriticalAddonsOnly', operator: 'Exists' },
  { effect: 'NoExecute', operator: 'Exists' },
];

export const calicoNode: DaemonSet = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'calico-node', namespace: NAMESPACE, labels: { 'k8s-app': 'calico-node' } },
  spec: {
    selector: { matchLabels: { 'k8s-app': 'calico-node' } },
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
    template: {
      metadata: { labels: { 'k8s-app': 'calico-node' } },
      spec: {
        nodeSelector: { 'kubernetes.io/os': 'linux' },
        hostNetwork: true,
        tolerations: EVERYWHERE,
        serviceAccountName: 'calico-node',
        terminationGracePeriodSeconds: 0,
        priorityClassName: 'system-node-critical',
        containers: [
          {
            name: 'calico-node',
            image: `${REGISTRY}/node:${VERSION}`,
            imagePullPolicy: 'IfNotPresent',
            env: [
              { name: 'DATASTORE_TYPE', value: 'kubernetes' },
              { name: 'NODENAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
              { name: 'CALICO_IPV4POOL_CIDR', value: '10.244.0.0/16' },
              { name: 'FELIX_HEALTHENABLED', value: 'true' },
            ],
            resources: { requests: { cpu: '250m' } },
            securityContext: { privileged: true },
            volumeMounts: [{ name: 'var-run-calico', mountPath: '/var/run/calico' }],
          },
        ],
        volumes: [{ name: 'var-run-calico', hostPath: { path: '/var/run/calico', type: 'DirectoryOrCreate' } }],
      },
    },
  },
};

export const calicoControllers: Deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'calico-kube-controllers', namespace: NAMESPACE, labels: { 'k8s-app': 'calico-kube-controllers' } },
  spec: {
    replicas: 1,
    selector: { matchLabels: { 'k8s-app': 'calico-kube-controllers' } },
    strategy: { type: 'Recreate' },
    template: {
      metadata: { labels: { 'k8s-app': 'calico-kube-controllers' } },
      spec: {
        nodeSelector: { 'kubernetes.io/os': 'linux' },
        affinity: PREFERS_CONTROL_PLANE,
        tolerations: [{ key: 'CriticalAddonsOnly', operator: 'Exists' }, TOLERATES_CONTROL_PLANE],
        serviceAccountName: 'calico-kube-controllers',
        priorityClassName: 'system-cluster-critical',
        containers: [
          {
            name: 'calico-kube-controllers',
            image: `${REGISTRY}/kube-controllers:${VERSION}`,
            imagePullPolicy: 'IfNotPresent',
            env: [
              { name: 'ENABLED_CONTROLLERS', value: 'node,loadbalancer' },
              { name: 'DATASTORE_TYPE', value: 'kubernetes' },
            ],
          },
        ],
      },
    },
  },
};
