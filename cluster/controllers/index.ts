/** All controllers in the order in which they take their turns: those that make objects before those that place and run them. */
import type { Controller } from './controller.ts';

export interface ControllerOptions {
  /** Nodes whose containers start at once and never fail. */
  bare: boolean;
  /** PEM, published to every namespace as the ConfigMap kube-root-ca.crt. */
  caCertificate: string;
}

export function makeControllers(_options: ControllerOptions): Controller[] {
  return [];
}
