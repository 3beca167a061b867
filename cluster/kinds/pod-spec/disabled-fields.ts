/** Fields of features that 1.35 leaves off: taken, counted as their sender's, and dropped without a word. */
import type { Container, PodSpec } from '../../api/types.ts';

/** Of a pod or template that is about to be stored. Mutates; a second run changes nothing. */
export function dropDisabledFields(spec: PodSpec | undefined): void {
  if (!spec) return;
  const containers: Container[] = [
    ...(spec.containers ?? []),
    ...(spec.initContainers ?? []),
    ...(spec.ephemeralContainers ?? []),
  ];
  for (const container of containers) {
    if (container.lifecycle?.stopSignal === undefined) continue;
    delete container.lifecycle.stopSignal;
    if (Object.keys(container.lifecycle).length === 0) delete container.lifecycle;
  }
  for (const { projected } of spec.volumes ?? [])
    for (const source of projected?.sources ?? []) {
      delete source.clusterTrustBundle;
      delete source.podCertificate;
    }
  // a field that the type does not know
  Reflect.deleteProperty(spec, 'workloadRef');
}
