/** Plays one-liners in simulated containers, beside what the real programs answered. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Container, Pod } from '../../../api/types.ts';
import { lookUpImage } from '../../images/lookup.ts';
import { toText, type Tree } from '../../files/file-tree.ts';
import { SimulatedRuntime, type Instance } from '../../runtime/runtime.ts';
import { Collector, nothingIn } from '../../shell/coroutine.ts';
import { linesOf, type Answer } from './one-liners.ts';

export type Flavour = 'busybox' | 'gnu';
export interface Played {
  subject: string;
  script: string;
  real: Answer;
  ours: Answer;
}

const START = Date.UTC(2026, 4, 1, 10);
const IMAGES: Record<Flavour, string> = { busybox: 'busybox:1.36', gnu: 'debian:13' };
const read = (name: string): string => readFileSync(path.join(import.meta.dirname, name), 'utf8');

function start(flavour: Flavour): { runtime: SimulatedRuntime; instance: Instance } {
  const runtime = new SimulatedRuntime({
    store: { get: () => undefined, list: () => [], revision: 1, resources: () => [], put: (_name, one) => one },
    clock: { now: () => START },
    random: { next: () => 0.5 },
    token: () => 'token',
  });
  const found = lookUpImage(IMAGES[flavour]);
  if (found.kind !== 'found') throw new Error('no such image');
  const container: Container = { name: 'box', command: ['sleep', '3600'], workingDir: '/tmp/box' };
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'box', namespace: 'default', uid: 'u1' },
    spec: { containers: [container] },
  };
  const place = { node: undefined, podIP: '10.244.0.2', hostIP: '172.30.1.2', image: found.image, id: 'c1' };
  const instance = runtime.start({ pod, container, startedAt: START, ...place });
  if (typeof instance === 'string') throw new Error(instance);
  return { runtime, instance };
}

/** Milliseconds of a container's time that a line may take. */
const LONGEST = 60_000;

function run({ runtime, instance }: ReturnType<typeof start>, script: string): Answer {
  let time = START;
  const [output, errors] = [new Collector(), new Collector()];
  const execed = runtime.exec(instance, {
    argv: ['sh', '-c', script],
    io: { stdin: nothingIn, stdout: output, stderr: errors },
    now: () => time,
    pending: () => undefined,
  });
  if (execed.kind === 'refused') throw new Error(execed.message);
  for (let turn = 0; turn < 20_000 && time - START < LONGEST; turn++) {
    const step = execed.run.next();
    if (step.done) return [step.value, toText(output.text), toText(errors.text)];
    const { until, event } = step.value;
    if (until !== undefined && until !== Infinity) time = Math.max(time, until);
    else if (event) break;
  }
  execed.run.return(137);
  return [-1, toText(output.text), toText(errors.text)];
}

/** `only`: lines in which this text is. */
export function play(flavour: Flavour, only = ''): Played[] {
  const answers = JSON.parse(read(`${flavour}.json`)) as Record<string, Answer>;
  const prepared = filesAfter(flavour, read('setup.sh'));
  return linesOf(read('one-liners.txt')).flatMap(({ subject, script }) => {
    const real = answers[script];
    if (real === undefined || !script.includes(only)) return [];
    const box = start(flavour);
    const root = box.instance.files.mounts.find((mount) => mount.path === '')?.tree;
    if (root !== undefined) root.root = prepared;
    return [{ subject, script, real, ours: run(box, script) }];
  });
}
/** A container's files, ready for a line. */
function filesAfter(flavour: Flavour, script: string): Tree['root'] {
  const box = start(flavour);
  const [code, , errors] = run(box, script);
  const root = box.instance.files.mounts.find((mount) => mount.path === '')?.tree.root;
  if (code !== 0 || root === undefined) throw new Error(errors);
  return root;
}

export const isSame = ({ real, ours }: Played): boolean => real.every((part, index) => part === ours[index]);
