/**
 * The CKA curriculum of Kubernetes 1.35: what is asked, in its own words, and how much each domain weighs.
 * Source: github.com/cncf/curriculum, CKA_Curriculum_v1.35.pdf.
 */

export const CURRICULUM = {
  troubleshooting: {
    weight: 30,
    competencies: [
      'Troubleshoot clusters and nodes',
      'Troubleshoot cluster components',
      'Monitor cluster and application resource usage',
      'Manage and evaluate container output streams',
      'Troubleshoot services and networking',
    ],
  },
  'cluster-architecture': {
    weight: 25,
    competencies: [
      'Manage role based access control (RBAC)',
      'Prepare underlying infrastructure for installing a Kubernetes cluster',
      'Create and manage Kubernetes clusters using kubeadm',
      'Manage the lifecycle of Kubernetes clusters',
      'Implement and configure a highly-available control plane',
      'Use Helm and Kustomize to install cluster components',
      'Understand extension interfaces (CNI, CSI, CRI, etc.)',
      'Understand CRDs, install and configure operators',
    ],
  },
  'services-and-networking': {
    weight: 20,
    competencies: [
      'Understand connectivity between Pods',
      'Define and enforce Network Policies',
      'Use ClusterIP, NodePort, LoadBalancer service types and endpoints',
      'Use the Gateway API to manage Ingress traffic',
      'Know how to use Ingress controllers and Ingress resources',
      'Understand and use CoreDNS',
    ],
  },
  'workloads-and-scheduling': {
    weight: 15,
    competencies: [
      'Understand application deployments and how to perform rolling update and rollbacks',
      'Use ConfigMaps and Secrets to configure applications',
      'Configure workload autoscaling',
      'Understand the primitives used to create robust, self-healing, application deployments',
      'Configure Pod admission and scheduling (limits, node affinity, etc.)',
    ],
  },
  storage: {
    weight: 10,
    competencies: [
      'Implement storage classes and dynamic volume provisioning',
      'Configure volume types, access modes and reclaim policies',
      'Manage persistent volumes and persistent volume claims',
    ],
  },
} as const;

export type Domain = keyof typeof CURRICULUM;

/** Heaviest first. */
export const DOMAINS = Object.keys(CURRICULUM) as [Domain, ...Domain[]];

/** All competencies, domain by domain. */
export const COMPETENCIES = DOMAINS.flatMap((domain) => [...CURRICULUM[domain].competencies]);

/** How many of `questions` each domain gets at the curriculum's weights: whole numbers, largest remainders first. */
export function questionsByDomain(questions: number): Record<Domain, number> {
  const shares = DOMAINS.map((domain) => ({ domain, exact: (questions * CURRICULUM[domain].weight) / 100 }));
  const counts = Object.fromEntries(shares.map(({ domain, exact }) => [domain, Math.floor(exact)])) as Record<
    Domain,
    number
  >;
  const left = questions - Object.values(counts).reduce((sum, count) => sum + count, 0);
  const byRemainder = shares.toSorted((a, b) => (b.exact % 1) - (a.exact % 1));
  for (const { domain } of byRemainder.slice(0, left)) counts[domain]++;
  return counts;
}
