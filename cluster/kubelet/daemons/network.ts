/** Programs that make a cluster's network: by the names that their images start them by. */
import type { Program } from '../shell/box.ts';
import { coredns } from './coredns.ts';
import { kubeProxy } from './kube-proxy.ts';

const PROGRAMS: readonly [image: RegExp, name: string, program: Program][] = [
  [/(^|\/)coredns$/, 'coredns', coredns],
  [/(^|\/)kube-proxy$/, 'kube-proxy', kubeProxy],
];

export const networkDaemonsOf = ({ repository }: { repository: string }): Map<string, Program> =>
  new Map(PROGRAMS.flatMap(([image, name, program]) => (image.test(repository) ? [[name, program]] : [])));
