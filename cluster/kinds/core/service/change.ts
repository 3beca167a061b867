/** What an update leaves out or no longer needs: allocated values are carried over, or dropped when the type changed. */
import type { Service } from '../../../api/types.ts';
import { needsNodePort } from './allocate.ts';
import type { ServiceSpec } from './cluster-ip-fields.ts';
import { isExternallyAccessible } from './defaults.ts';
import { needsHealthCheckPort } from './validation.ts';

const same = (a: readonly unknown[] = [], b: readonly unknown[] = []) =>
  a.length === b.length && a.every((one, position) => one === b[position]);
const hasClusterIp = (spec: ServiceSpec) => spec.type !== 'ExternalName';
const sameClusterIps = (a: ServiceSpec, b: ServiceSpec) =>
  (a.clusterIP ?? '') === (b.clusterIP ?? '') && same(a.clusterIPs, b.clusterIPs);

function carryNodePorts(now: ServiceSpec, old: ServiceSpec): void {
  const asked = new Set((now.ports ?? []).map(({ nodePort }) => nodePort ?? 0));
  const byName = new Map((old.ports ?? []).map(({ name, nodePort }) => [name ?? '', nodePort ?? 0]));
  for (const port of now.ports ?? []) {
    const before = byName.get(port.name ?? '') ?? 0;
    if (!port.nodePort && before !== 0 && !asked.has(before)) port.nodePort = before;
  }
}

/** clusterIP alone is the old way to say it: clusterIPs follow. */
export function syncClusterIps(now: ServiceSpec, old: ServiceSpec | undefined): void {
  if (!old) {
    if (now.clusterIP && !now.clusterIPs?.length) now.clusterIPs = [now.clusterIP];
    return;
  }
  const before = old.clusterIPs ?? [];
  const sameList = same(before, now.clusterIPs);
  if (before.length > 0 && !now.clusterIPs?.length && (old.clusterIP ?? '') === (now.clusterIP ?? '')) {
    now.clusterIPs = [...before];
  } else if ((old.clusterIP ?? '') !== (now.clusterIP ?? '') && sameList) {
    if (now.clusterIP) now.clusterIPs = [now.clusterIP];
    else delete now.clusterIPs;
  }
}

export function carryAllocated(now: ServiceSpec, old: ServiceSpec): void {
  if (hasClusterIp(old) && hasClusterIp(now)) {
    if (!now.clusterIP && old.clusterIP) now.clusterIP = old.clusterIP;
    if (!now.clusterIPs?.length && old.clusterIPs?.length) now.clusterIPs = [...old.clusterIPs];
  }
  if (needsNodePort(old) && needsNodePort(now)) carryNodePorts(now, old);
  if (needsHealthCheckPort(old) && needsHealthCheckPort(now) && !now.healthCheckNodePort && old.healthCheckNodePort) {
    now.healthCheckNodePort = old.healthCheckNodePort;
  }
}

/** Only what the client did not change as well: a change of theirs is for validation to judge. */
export function dropUnneeded(object: Service, old: ServiceSpec): void {
  const now = (object.spec ??= {});
  if (hasClusterIp(old) && !hasClusterIp(now)) {
    if (sameClusterIps(old, now)) {
      delete now.clusterIP;
      delete now.clusterIPs;
    }
    if (same(old.ipFamilies, now.ipFamilies)) delete now.ipFamilies;
    if (old.ipFamilyPolicy === now.ipFamilyPolicy) delete now.ipFamilyPolicy;
  }
  const held = new Set((old.ports ?? []).map(({ nodePort }) => nodePort));
  const noNewPorts = (now.ports ?? []).every(({ nodePort }) => !nodePort || held.has(nodePort));
  if (needsNodePort(old) && !needsNodePort(now) && noNewPorts) for (const port of now.ports ?? []) delete port.nodePort;
  if (needsHealthCheckPort(old) && !needsHealthCheckPort(now) && old.healthCheckNodePort === now.healthCheckNodePort) {
    delete now.healthCheckNodePort;
  }
  if (old.type === 'LoadBalancer' && now.type !== 'LoadBalancer') {
    if (old.allocateLoadBalancerNodePorts === now.allocateLoadBalancerNodePorts) {
      delete now.allocateLoadBalancerNodePorts;
    }
    if (old.loadBalancerClass === now.loadBalancerClass) delete now.loadBalancerClass;
  }
  const wasAccessible = isExternallyAccessible(old) && !isExternallyAccessible(now);
  if (wasAccessible && old.externalTrafficPolicy === now.externalTrafficPolicy) delete now.externalTrafficPolicy;
  if (now.type !== 'LoadBalancer') object.status = { ...object.status, loadBalancer: {} };
}
