/** Versions, by their numbers. */

/** What kubeadm runs as static pods and upgrades with the cluster. */
export const COMPONENTS = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const;

export const minorOf = (version: string): number => Number(/^v?1\.(\d+)/.exec(version)?.[1] ?? 0);

/** The greater the newer. */
export const numbers = (version: string): number => minorOf(version) * 1000 + Number(version.split('.')[2] ?? 0);
