/**
 * Hands out cluster IPs and node ports. What is taken is read from the other Services; free ones are drawn by the seeded
 * random, above a band at the start of each range that is kept for who asks for a certain number.
 */
import { invalid, path, type FieldError, type Path } from '../../../api/field.ts';
import { equal } from '../../../api/merge.ts';
import { internalError, invalidError, StatusError } from '../../../api/status.ts';
import type { KubeObject, Service } from '../../../api/types.ts';
import { contains, firstOf, parseCidr, parseIp, printIp, printIpv4, sizeOf, type Cidr } from '../../networking/ip.ts';
import type { KindContext } from '../../kind.ts';
import { clusterIpFieldErrors, type ServiceSpec } from './cluster-ip-fields.ts';
import { needsHealthCheckPort } from './validation.ts';

const DEFAULT_CIDR = '10.96.0.0/12';
const NODE_PORTS = { first: 30_000, last: 32_767 };
/** Of the node ports, this many from the first on are never drawn. */
const STATIC_NODE_PORTS = 86;
/** Of an IP range of at least this size, this many are never drawn. */
const STATIC_IPS = 256;
/** Draws before the range is searched from its start. */
const DRAWS = 64;

type ServiceCidr = KubeObject & { spec?: { cidrs?: string[] } };

const spec = path('spec');
const refuse = (name: string, errors: readonly FieldError[]) =>
  invalidError({ group: '', kind: 'Service' }, name, errors);

function others(service: Service, { store }: KindContext): ServiceSpec[] {
  return store
    .list<Service>('services')
    .filter(
      ({ metadata }) => metadata.name !== service.metadata.name || metadata.namespace !== service.metadata.namespace,
    )
    .map((one) => one.spec ?? {});
}

function ranges({ store }: KindContext): Cidr[] {
  const cidrs = store.list<ServiceCidr>('servicecidrs.networking.k8s.io').flatMap((one) => one.spec?.cidrs ?? []);
  return (cidrs.length > 0 ? cidrs : [DEFAULT_CIDR])
    .map(parseCidr)
    .filter((cidr) => cidr?.base.family === 'IPv4') as Cidr[];
}

/** @throws StatusError when the address can't be had */
function claimIp(service: Service, ip: string, context: KindContext): void {
  const asked = parseIp(ip);
  const spaces = ranges(context);
  const fail = (why: string) => {
    const detail = `failed to allocate IP ${ip}: ${why}`;
    return refuse(service.metadata.name, [invalid(spec.child('clusterIPs'), service.spec?.clusterIPs, detail)]);
  };
  const among = asked && spaces.find((cidr) => contains(cidr, asked));
  // a dry run asks one range, whichever
  const range = among ?? (context.dryRun ? spaces[0] : undefined);
  if (!asked || !range) throw fail('the provided network does not match the current range');
  const first = firstOf(range);
  const last = first + sizeOf(range) - 1n;
  if (asked.value <= first || asked.value >= last) {
    throw fail(
      `the provided IP (${printIp(asked)}) is not in the valid range. The range of valid IPs is ${printIpv4(first)}/${range.bits}`,
    );
  }
  if (context.dryRun) return;
  if (others(service, context).some((other) => other.clusterIPs?.includes(ip))) {
    throw fail('provided IP is already allocated');
  }
}

/** A free number of [low, high], or undefined. */
function draw(
  low: number,
  high: number,
  isTaken: (number: number) => boolean,
  context: KindContext,
): number | undefined {
  if (high < low) return undefined;
  for (let attempt = 0; attempt < DRAWS; attempt += 1) {
    const number = low + Math.floor(context.random.next() * (high - low + 1));
    if (!isTaken(number)) return number;
  }
  for (let number = low; number <= high; number += 1) if (!isTaken(number)) return number;
  return undefined;
}

function drawIp(service: Service, context: KindContext): string {
  const [space] = ranges(context);
  // what a dry run is told is no address that could be had
  if (context.dryRun && space) return printIpv4(firstOf(space));
  const taken = new Set(others(service, context).flatMap((other) => other.clusterIPs ?? []));
  for (const range of ranges(context)) {
    const first = firstOf(range);
    // offsets in a range are small enough for a number: IPv4 has 32 bits
    const size = Number(sizeOf(range));
    const reserved = size >= STATIC_IPS * 16 ? STATIC_IPS : Math.max(Math.floor(size / 16), 1);
    const isTaken = (offset: number) => taken.has(printIpv4(first + BigInt(offset)));
    const offset = draw(reserved, size - 2, isTaken, context) ?? draw(1, reserved - 1, isTaken, context);
    if (offset !== undefined) return printIpv4(first + BigInt(offset));
  }
  throw internalError('failed to allocate a serviceIP: range is full');
}

/** An update that asks for one family lets the second go; one that only names fewer is refused. Changes `now`. */
function release(now: ServiceSpec, before: ServiceSpec, single: boolean, policyPath: Path): FieldError[] {
  if (single) {
    if (equal(before.clusterIPs, now.clusterIPs)) now.clusterIPs?.splice(1);
    if (equal(before.ipFamilies, now.ipFamilies)) now.ipFamilies?.splice(1);
    return [];
  }
  const reduced = (list: readonly string[] = [], old: readonly string[] = []) =>
    list.length > 0 && list.length < old.length;
  const must = (what: string) =>
    invalid(policyPath, now.ipFamilyPolicy, `must be 'SingleStack' to release the secondary ${what}`);
  return [
    ...(reduced(now.clusterIPs, before.clusterIPs) ? [must('cluster IP')] : []),
    ...(reduced(now.ipFamilies, before.ipFamilies) ? [must('IP family')] : []),
  ];
}

/** Single stack, IPv4: what a Service does not say about families is filled in. @throws StatusError */
function settleFamilies(service: Service, old: Service | undefined): void {
  const now = service.spec ?? {};
  if (now.type === 'ExternalName') return;
  const policyPath = spec.child('ipFamilyPolicy');
  const selectorless = now.clusterIP === 'None' && Object.keys(now.selector ?? {}).length === 0;
  now.ipFamilyPolicy ??= old?.spec?.ipFamilyPolicy ?? (selectorless ? 'RequireDualStack' : 'SingleStack');
  const problems = clusterIpFieldErrors(now, old?.spec);
  if (problems.length > 0) throw refuse(service.metadata.name, problems);

  const errors: FieldError[] = [];
  const single = now.ipFamilyPolicy === 'SingleStack';
  if (old) errors.push(...release(now, old.spec ?? {}, single, policyPath));
  for (const [list, what] of [
    [now.clusterIPs, 'cluster IPs'],
    [now.ipFamilies, 'IP families'],
  ] as const) {
    if (!single || list?.length !== 2) continue;
    const detail = `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${what} are specified`;
    errors.push(invalid(policyPath, now.ipFamilyPolicy, detail));
  }
  const families = [...(now.ipFamilies ?? [])];
  for (const [position, ip] of (now.clusterIPs ?? []).entries()) {
    if (ip === 'None' || position < families.length) continue;
    const family = parseIp(ip)?.family;
    if (family === 'IPv4') families.push(family);
    else {
      const detail = `${family} is not configured on this cluster`;
      errors.push(invalid(spec.child('clusterIPs').index(position), now.clusterIPs, detail));
    }
  }
  if (errors.length > 0) throw refuse(service.metadata.name, errors);

  if (families.length === 0) families.push('IPv4');
  if (selectorless) {
    // nobody but its owner fills such a Service: it may name families that the cluster does not serve
    if (!single && families.length < 2) families.push(families[0] === 'IPv4' ? 'IPv6' : 'IPv4');
  } else {
    if (now.ipFamilyPolicy === 'RequireDualStack') {
      const detail = 'this cluster is not configured for dual-stack services';
      errors.push(invalid(policyPath, now.ipFamilyPolicy, detail));
    }
    for (const [position, family] of families.entries()) {
      if (family === 'IPv4') continue;
      errors.push(invalid(spec.child('ipFamilies').index(position), family, 'not configured on this cluster'));
    }
    if (errors.length > 0) throw refuse(service.metadata.name, errors);
  }
  now.ipFamilies = families;
}

export const needsNodePort = ({ type }: ServiceSpec): boolean => type === 'NodePort' || type === 'LoadBalancer';
const drawsNodePorts = (now: ServiceSpec) =>
  now.type === 'NodePort' || (now.type === 'LoadBalancer' && now.allocateLoadBalancerNodePorts !== false);

class NodePorts {
  readonly #taken: Set<number>;
  /** In this operation. */
  readonly #claimed: number[] = [];
  readonly #service: Service;
  readonly #context: KindContext;
  constructor(service: Service, context: KindContext) {
    this.#service = service;
    this.#context = context;
    this.#taken = new Set(
      others(service, context).flatMap(({ ports = [], healthCheckNodePort = 0 }) => [
        ...ports.map(({ nodePort = 0 }) => nodePort),
        healthCheckNodePort,
      ]),
    );
  }
  /** Why a port can't be had. A dry run only asks whether it is taken. */
  problem(port: number): string | undefined {
    const { first, last } = NODE_PORTS;
    if (!this.#context.dryRun && (port < first || port > last)) {
      return `provided port is not in the valid range. The range of valid ports is ${first}-${last}`;
    }
    return this.#taken.has(port) ? 'provided port is already allocated' : undefined;
  }
  /** @throws StatusError */
  claim(port: number, position: number): void {
    const problem = this.problem(port);
    if (problem !== undefined) {
      const at = spec.child('ports').index(position).child('nodePort');
      throw refuse(this.#service.metadata.name, [invalid(at, port, problem)]);
    }
    this.reserve(port);
  }
  reserve(port: number): void {
    this.#taken.add(port);
    this.#claimed.push(port);
  }
  /** @throws StatusError */
  draw(): number {
    const { first, last } = NODE_PORTS;
    if (this.#context.dryRun) {
      const port = Math.max(...(this.#claimed.length > 0 ? this.#claimed : [last + 1])) + 1;
      this.#claimed.push(port);
      return port;
    }
    const isTaken = (port: number) => this.#taken.has(port);
    const middle = first + STATIC_NODE_PORTS;
    const port = draw(middle, last, isTaken, this.#context) ?? draw(first, middle - 1, isTaken, this.#context);
    if (port === undefined) throw internalError('failed to allocate a nodePort: range is full');
    this.#taken.add(port);
    return port;
  }
}

/** The same port number over TCP and UDP shares one node port. */
function initNodePorts(now: ServiceSpec, nodePorts: NodePorts): void {
  const ports = now.ports ?? [];
  const given = new Map<number, number>();
  for (const [position, port] of ports.entries()) {
    if (!port.nodePort && !drawsNodePorts(now)) continue;
    const known = given.get(port.port);
    if (known === undefined) {
      const asked = ports.find((other) => other.port === port.port && other.nodePort)?.nodePort;
      if (asked === undefined) port.nodePort = nodePorts.draw();
      else {
        nodePorts.claim(asked, position);
        port.nodePort = asked;
      }
      given.set(port.port, port.nodePort);
    } else if (!port.nodePort) port.nodePort = known;
    else if (port.nodePort !== known) nodePorts.claim(port.nodePort, position);
  }
}

function updateNodePorts(now: ServiceSpec, old: ServiceSpec, nodePorts: NodePorts): void {
  const held = new Set((old.ports ?? []).map(({ nodePort }) => nodePort));
  const claimed = new Set<number>();
  const seen = new Set<string>();
  for (const [position, port] of (now.ports ?? []).entries()) {
    if (!port.nodePort) {
      if (drawsNodePorts(now)) port.nodePort = nodePorts.draw();
    } else if (!held.has(port.nodePort) && !claimed.has(port.nodePort)) {
      nodePorts.claim(port.nodePort, position);
      claimed.add(port.nodePort);
    }
    if (!port.nodePort) continue;
    const pair = `{${port.protocol} ${port.nodePort}}`;
    if (seen.has(pair)) throw new StatusError({ message: `duplicate nodePort: ${pair}`, code: 500 });
    seen.add(pair);
  }
}

function healthCheckPort(now: ServiceSpec, old: ServiceSpec | undefined, nodePorts: NodePorts): void {
  if (!needsHealthCheckPort(now) || (old && needsHealthCheckPort(old))) return;
  const asked = now.healthCheckNodePort;
  const problem = asked ? nodePorts.problem(asked) : undefined;
  if (problem) throw internalError(`failed to allocate requested HealthCheck NodePort ${asked}: ${problem}`);
  if (asked) nodePorts.reserve(asked);
  now.healthCheckNodePort = asked || nodePorts.draw();
}

/** Changes `service`. @throws StatusError when what it asks for can't be had */
export function allocate(service: Service, old: Service | undefined, context: KindContext): void {
  service.spec ??= {};
  const now = service.spec;
  settleFamilies(service, old);
  const fresh = !old || old.spec?.type === 'ExternalName';
  if (fresh && now.type !== 'ExternalName' && now.clusterIPs?.[0] !== 'None') {
    for (const ip of now.clusterIPs ?? []) claimIp(service, ip, context);
    if (!now.clusterIPs?.length) now.clusterIPs = [drawIp(service, context)];
    const [first] = now.clusterIPs;
    if (first !== undefined) now.clusterIP = first;
  }
  const nodePorts = new NodePorts(service, context);
  if (needsNodePort(now)) {
    if (old) updateNodePorts(now, old.spec ?? {}, nodePorts);
    else initNodePorts(now, nodePorts);
  }
  healthCheckPort(now, old?.spec, nodePorts);
}
