/** What containers use: by image when idle, by their command when it works, by their callers when they serve. */
import { parseQuantity } from '../api/quantity.ts';
import type { ContainerUsage } from '../api/resource-metrics.ts';
import type { Container } from '../api/types.ts';

const MIB = 1024 * 1024;
const CORE = 1e9;
const MILLICORE = 1e6;

/** Idle use by the last part of an image's name: millicores and MiB. The rest is taken to be a small daemon. */
const IDLE: Readonly<Record<string, readonly [cpu: number, memory: number]>> = {
  busybox: [0.02, 0.5],
  alpine: [0.02, 0.6],
  'calico-node': [22, 115],
  coredns: [2, 14],
  debian: [0.02, 1],
  etcd: [22, 46],
  'hpa-example': [1, 11],
  httpd: [0.2, 6],
  'kube-apiserver': [42, 270],
  'kube-controller-manager': [14, 52],
  'kube-controllers': [2, 24],
  'kube-proxy': [0.6, 15],
  'kube-scheduler': [4, 24],
  'local-path-provisioner': [1, 9],
  mariadb: [1, 95],
  memcached: [0.4, 2],
  'metrics-server': [4, 19],
  mongo: [5, 140],
  mysql: [6, 370],
  nginx: [0.05, 4],
  node: [0.1, 30],
  pause: [0.01, 0.2],
  postgres: [1, 38],
  redis: [2, 4],
  tomcat: [1, 110],
  ubuntu: [0.02, 1.2],
  wordpress: [0.5, 28],
};
const SMALL_DAEMON = [0.5, 8] as const;

/** Nanocores that one caller in a loop costs all backends together: `hpa-example` computes a million roots for each call. */
const PER_CALLER: Readonly<Record<string, number>> = { 'hpa-example': 550 * MILLICORE };
const LIGHT_CALL = 25 * MILLICORE;

export const imageName = (image: string): string =>
  image
    .replace(/@.*$/, '')
    .replace(/:[^/]*$/, '')
    .split('/')
    .at(-1) ?? '';

const words = ({ command = [], args = [] }: Container): string[] => [...command, ...args];

/** Bytes of `150M`, `1G`, `268435456` as the programs named stress read them. */
function bytesOf(text: string | undefined): number {
  const [, digits = '0', unit = ''] = /^(\d+)([kKmMgG]?)i?[bB]?$/.exec(text ?? '') ?? [];
  const scale = { k: 1024, m: MIB, g: 1024 * MIB }[unit.toLowerCase()] ?? 1;
  return Number(digits) * scale;
}

const after = (list: readonly string[], ...flags: string[]): string | undefined => {
  const at = list.findIndex((word) => flags.includes(word));
  return at === -1 ? undefined : list[at + 1];
};

/** A loop that never waits, or a program made for it. */
const BUSY =
  /\byes\s*>|dd\s+if=\/dev\/(?:zero|urandom)\s+of=\/dev\/null|md5sum\s+\/dev\/zero|while\s+(?:true|:)\s*;\s*do\s+(?:true|:)\s*;?\s*done/g;

/** Cores and bytes that the command itself works with. */
function work(container: Container): { cores: number; bytes: number } {
  const list = words(container);
  const program = imageName(container.image ?? '');
  const stresses = list.some((word) => /(^|\/)stress(-ng)?$/.test(word)) || program.startsWith('stress');
  if (stresses) {
    const cores = Number(after(list, '--cpu', '-c', '-cpus', '--cpus') ?? 0);
    const workers = Number(after(list, '--vm', '-m') ?? 0);
    const bytes = workers * bytesOf(after(list, '--vm-bytes') ?? (workers > 0 ? '256M' : '0'));
    const total = bytesOf(after(list, '-mem-total'));
    return { cores: (Number.isFinite(cores) ? cores : 0) + workers, bytes: Math.max(bytes, total) };
  }
  return { cores: list.join('\n').match(BUSY)?.length ?? 0, bytes: 0 };
}

/** Hosts that the container calls again and again. */
export function calledInLoops(container: Container): string[] {
  const text = words(container).join('\n');
  if (!/\bwhile\b|\buntil\b|\bfor\s*\(\(;;\)\)/.test(text)) return [];
  return [...text.matchAll(/\b(?:wget|curl)\b[^;&|\n]*?(?:https?:\/\/)([a-zA-Z0-9.-]+)/g)].map(([, host = '']) => host);
}

/** What one caller costs the backends of a Service, in nanocores for all of them. */
export const costOfCaller = (container: Container): number =>
  PER_CALLER[imageName(container.image ?? '')] ?? LIGHT_CALL;

const limitOf = (container: Container, resource: 'cpu' | 'memory'): number =>
  parseQuantity(container.resources?.limits?.[resource] ?? '')?.milliValue() ?? Infinity;

/** `called`: nanocores that its callers cost it. `wave`: 0.9 to 1.1, what makes two samples differ. */
export function usageOf(container: Container, called: number, wave: number): ContainerUsage {
  const [cpu, memory] = IDLE[imageName(container.image ?? '')] ?? SMALL_DAEMON;
  const { cores, bytes } = work(container);
  const wanted = cpu * MILLICORE * wave + cores * CORE * (1 - (1.1 - wave) / 20) + called * wave;
  const limits = { cpu: limitOf(container, 'cpu') * MILLICORE, memory: limitOf(container, 'memory') / 1000 };
  return {
    cpu: Math.round(Math.min(wanted, limits.cpu)),
    // pages of 4 KiB
    memory: Math.floor(Math.min(memory * MIB * (0.95 + wave / 20) + bytes, limits.memory) / 4096) * 4096,
  };
}
