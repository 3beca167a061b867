import { forbidden, invalid, notSupported, path, required, type FieldError, type Path } from '../../api/field.ts';
import { validateLabelSelector } from '../../api/names.ts';
import { labelSelectorText } from '../../api/selector.ts';
import type { NetworkPolicy } from '../../api/types.ts';
import type { Kind } from '../kind.ts';
import { cidrWarnings } from './ip-warnings.ts';
import { CIDR_PROBLEM, contains, parseCidr } from './ip.ts';
import { portNameErrors, portNumberErrors } from './ports.ts';

type Spec = NonNullable<NetworkPolicy['spec']>;
type Ingress = NonNullable<Spec['ingress']>[number];
type Port = NonNullable<Ingress['ports']>[number];
type Peer = NonNullable<Ingress['from']>[number];

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'];
const TYPES = ['Ingress', 'Egress'];

function portErrors({ protocol, port, endPort }: Port, at: Path): FieldError[] {
  const errors: FieldError[] = [];
  const end = at.child('endPort');
  if (protocol !== undefined && !PROTOCOLS.includes(protocol)) {
    errors.push(notSupported(at.child('protocol'), protocol, PROTOCOLS));
  }
  if (port === undefined) {
    if (endPort !== undefined) errors.push(invalid(end, endPort, 'may not be specified when `port` is not specified'));
  } else if (typeof port === 'string') {
    if (endPort !== undefined) errors.push(invalid(end, endPort, 'may not be specified when `port` is non-numeric'));
    errors.push(...portNameErrors(port, at.child('port')));
  } else {
    errors.push(...portNumberErrors(port, at.child('port')));
    // the value shown is the port's: so does the real server
    if (endPort !== undefined && endPort < port) {
      errors.push(invalid(end, port, 'must be greater than or equal to `port`'));
    }
    if (endPort !== undefined) errors.push(...portNumberErrors(endPort, end));
  }
  return errors;
}

function blockErrors({ cidr, except = [] }: NonNullable<Peer['ipBlock']>, at: Path): FieldError[] {
  if (!cidr) return [required(at.child('cidr'))];
  const block = parseCidr(cidr);
  if (!block) return [invalid(at.child('cidr'), cidr, CIDR_PROBLEM)];
  return except.flatMap((text, position) => {
    const here = at.child('except').index(position);
    const hole = parseCidr(text);
    if (!hole) return [invalid(here, text, CIDR_PROBLEM)];
    const inside = contains(block, hole.base) && hole.bits > block.bits;
    return inside ? [] : [invalid(here, text, 'must be a strict subset of `cidr`')];
  });
}

function peerErrors({ podSelector, namespaceSelector, ipBlock }: Peer, at: Path): FieldError[] {
  const errors = [
    ...(podSelector ? validateLabelSelector(podSelector, at.child('podSelector')) : []),
    ...(namespaceSelector ? validateLabelSelector(namespaceSelector, at.child('namespaceSelector')) : []),
    ...(ipBlock ? blockErrors(ipBlock, at.child('ipBlock')) : []),
  ];
  const selected = Boolean(podSelector ?? namespaceSelector);
  if (!selected && !ipBlock) errors.push(required(at, 'must specify a peer'));
  if (selected && ipBlock) errors.push(forbidden(at, 'may not specify both ipBlock and another peer'));
  return errors;
}

const ruleErrors = (ports: Port[] | undefined, peers: Peer[] | undefined, at: Path, what: string): FieldError[] => [
  ...(ports ?? []).flatMap((port, position) => portErrors(port, at.child('ports').index(position))),
  ...(peers ?? []).flatMap((peer, position) => peerErrors(peer, at.child(what).index(position))),
];

function warnings({ spec }: NetworkPolicy): string[] {
  const ofPeers = (peers: readonly Peer[] | undefined, at: Path) =>
    (peers ?? []).flatMap(({ ipBlock }, position) => {
      const here = at.index(position).child('ipBlock');
      if (!ipBlock) return [];
      return [
        ...cidrWarnings(ipBlock.cidr, here.child('cidr')),
        ...(ipBlock.except ?? []).flatMap((one, i) => cidrWarnings(one, here.child('except').index(i))),
      ];
    });
  return [
    ...(spec?.ingress ?? []).flatMap(({ from }, i) => ofPeers(from, path('spec', 'ingress').index(i).child('from'))),
    ...(spec?.egress ?? []).flatMap(({ to }, i) => ofPeers(to, path('spec', 'egress').index(i).child('to'))),
  ];
}

function validate({ spec }: NetworkPolicy): FieldError[] {
  const at = path('spec');
  const types = spec?.policyTypes ?? [];
  const errors = [
    ...validateLabelSelector(spec?.podSelector, at.child('podSelector')),
    ...(spec?.ingress ?? []).flatMap(({ ports, from }, position) =>
      ruleErrors(ports, from, at.child('ingress').index(position), 'from'),
    ),
    ...(spec?.egress ?? []).flatMap(({ ports, to }, position) =>
      ruleErrors(ports, to, at.child('egress').index(position), 'to'),
    ),
  ];
  const typesPath = at.child('policyTypes');
  if (types.length > TYPES.length) {
    return [...errors, invalid(typesPath, types, 'may not specify more than two policyTypes')];
  }
  return [
    ...errors,
    ...types.flatMap((type, position) =>
      TYPES.includes(type) ? [] : [notSupported(typesPath.index(position), type, TYPES)],
    ),
  ];
}

export const networkPolicy: Kind<NetworkPolicy> = {
  resource: 'networkpolicies.networking.k8s.io',
  defaults({ spec }) {
    if (!spec) return;
    for (const { ports = [] } of [...(spec.ingress ?? []), ...(spec.egress ?? [])]) {
      for (const port of ports) port.protocol ??= 'TCP';
    }
    if (!spec.policyTypes?.length) spec.policyTypes = spec.egress?.length ? [...TYPES] : ['Ingress'];
  },
  validate,
  // the whole policy is looked at twice
  validateUpdate: (object) => [...validate(object), ...validate(object)],
  warnings,
  cells: ({ metadata, spec }) => [
    metadata.name,
    labelSelectorText(spec?.podSelector),
    metadata.creationTimestamp ?? null,
  ],
};
