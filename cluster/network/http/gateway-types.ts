/** The Gateway API's objects, as far as routing needs them (v1). */
import type { KubeObject, LabelSelector } from '../../api/types.ts';

export const GROUP = 'gateway.networking.k8s.io';
export const GATEWAY_CLASSES = `gatewayclasses.${GROUP}`;
export const GATEWAYS = `gateways.${GROUP}`;
export const HTTP_ROUTES = `httproutes.${GROUP}`;
export const REFERENCE_GRANTS = `referencegrants.${GROUP}`;

export interface Condition {
  type: string;
  status: 'True' | 'False';
  reason: string;
  message: string;
  lastTransitionTime?: string;
  observedGeneration?: number;
}
export interface GatewayClass extends KubeObject {
  spec?: { controllerName?: string };
  status?: { conditions?: Condition[] };
}
export interface Listener {
  name: string;
  hostname?: string;
  port: number;
  protocol: string;
  tls?: { mode?: string; certificateRefs?: { group?: string; kind?: string; name: string; namespace?: string }[] };
  allowedRoutes?: {
    namespaces?: { from?: 'All' | 'Same' | 'Selector' | 'None'; selector?: LabelSelector };
    kinds?: { group?: string; kind: string }[];
  };
}
export interface ListenerStatus {
  name: string;
  supportedKinds: { group: string; kind: string }[];
  attachedRoutes: number;
  conditions: Condition[];
}
export interface Gateway extends KubeObject {
  spec?: { gatewayClassName?: string; listeners?: Listener[]; addresses?: { type?: string; value?: string }[] };
  status?: { addresses?: { type?: string; value: string }[]; conditions?: Condition[]; listeners?: ListenerStatus[] };
}
export interface ParentRef {
  group?: string;
  kind?: string;
  namespace?: string;
  name: string;
  sectionName?: string;
  port?: number;
}
export interface NameValue {
  type?: string;
  name: string;
  value: string;
}
export interface HeaderChange {
  set?: NameValue[];
  add?: NameValue[];
  remove?: string[];
}
export interface PathChange {
  type: 'ReplaceFullPath' | 'ReplacePrefixMatch';
  replaceFullPath?: string;
  replacePrefixMatch?: string;
}
export interface Filter {
  type: string;
  requestHeaderModifier?: HeaderChange;
  responseHeaderModifier?: HeaderChange;
  requestRedirect?: { scheme?: string; hostname?: string; port?: number; statusCode?: number; path?: PathChange };
  urlRewrite?: { hostname?: string; path?: PathChange };
}
export interface BackendRef {
  group?: string;
  kind?: string;
  namespace?: string;
  name: string;
  port?: number;
  weight?: number;
  filters?: Filter[];
}
export interface RouteMatch {
  path?: { type?: string; value?: string };
  headers?: NameValue[];
  queryParams?: NameValue[];
  method?: string;
}
export interface RouteRule {
  name?: string;
  matches?: RouteMatch[];
  filters?: Filter[];
  backendRefs?: BackendRef[];
}
export interface RouteParentStatus {
  parentRef: ParentRef;
  controllerName: string;
  conditions: Condition[];
}
export interface HttpRoute extends KubeObject {
  spec?: { parentRefs?: ParentRef[]; hostnames?: string[]; rules?: RouteRule[] };
  status?: { parents?: RouteParentStatus[] };
}
export interface ReferenceGrant extends KubeObject {
  spec?: {
    from?: { group: string; kind: string; namespace: string }[];
    to?: { group: string; kind: string; name?: string }[];
  };
}

/** Whether objects of one namespace may name one of another. */
export function isGranted(
  grants: readonly ReferenceGrant[],
  from: { group: string; kind: string; namespace: string },
  to: { group: string; kind: string; namespace: string; name: string },
): boolean {
  if (from.namespace === to.namespace) return true;
  return grants.some(
    ({ metadata, spec }) =>
      metadata.namespace === to.namespace &&
      (spec?.from ?? []).some(
        (one) => one.group === from.group && one.kind === from.kind && one.namespace === from.namespace,
      ) &&
      (spec?.to ?? []).some(
        (one) => one.group === to.group && one.kind === to.kind && (one.name === undefined || one.name === to.name),
      ),
  );
}
