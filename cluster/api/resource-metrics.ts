/** What a metrics server knows: who asks for it (autoscalers, the metrics API) need not know where it comes from. */

export interface ContainerUsage {
  /** Nanocores. */
  cpu: number;
  /** Bytes. */
  memory: number;
}

/** One sample of a pod or a node. */
export interface Sample {
  /** Milliseconds since 1970 at which it was taken. */
  timestamp: number;
  /** Milliseconds that it covers. */
  window: number;
}
export interface PodSample extends Sample {
  /** By container, in the pod's order. */
  containers: ReadonlyMap<string, ContainerUsage>;
}
export interface NodeSample extends Sample {
  usage: ContainerUsage;
}

export interface ResourceMetrics {
  /** False: no metrics server runs, and its API is not there. */
  readonly served: boolean;
  /** undefined: no such pod, or nothing measured yet. */
  pod(namespace: string, name: string): PodSample | undefined;
  node(name: string): NodeSample | undefined;
}
