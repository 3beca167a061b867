/** Tries something on a copy of a cluster: what is refused, what comes of it. The cluster itself takes no notice. */
import { matches, parseLabelSelector } from './api/selector.ts';
import type { KubeObject, Pod } from './api/types.ts';
import type { Cluster } from './cluster.ts';
import { takeStep, type Step } from './steps.ts';

/** A command in the container of a running pod. */
export interface ExecStep {
  exec: {
    namespace: string;
    /** By name, or the first that runs with these labels. */
    pod?: string;
    selector?: string;
    container?: string;
    command: string[];
  };
}
export type TrialStep = Step | ExecStep;

export type StepOutcome =
  | { kind: 'done' }
  /** The API's sentence, or what was missing. */
  | { kind: 'refused'; message: string }
  /** `output`: what it printed, errors included. */
  | { kind: 'ran'; exitCode: number; output: string };

export interface Trial {
  /** One for each step. */
  outcomes: StepOutcome[];
  /** What the copy has come to; its time in milliseconds since 1970. */
  now: number;
  resources: Record<string, readonly KubeObject[]>;
}

/** Milliseconds a command may take, in the copy's time. */
const EXEC_MS = 60_000;

/** Takes all steps, also after one that was refused. */
export function tryOut(cluster: Cluster, steps: readonly TrialStep[]): Trial {
  const copy = cluster.fork();
  copy.settle();
  const outcomes = steps.map((step) => outcomeOf(copy, step));
  return { outcomes, now: copy.now, resources: copy.objects() };
}

function outcomeOf(copy: Cluster, step: TrialStep): StepOutcome {
  try {
    if ('exec' in step) return exec(copy, step.exec);
    takeStep(copy, step, copy.client('kubernetes-admin'));
    return { kind: 'done' };
  } catch (error) {
    // whatever stands in the way is what was asked for
    return { kind: 'refused', message: error instanceof Error ? error.message : String(error) };
  }
}

function exec(copy: Cluster, { namespace, pod, selector = '', container, command }: ExecStep['exec']): StepOutcome {
  const requirements = parseLabelSelector(selector);
  const meant = copy.store
    .list<Pod>('pods', namespace)
    .filter(({ metadata }) =>
      pod === undefined ? matches(requirements, metadata.labels ?? {}) : metadata.name === pod,
    );
  const running = meant.find(({ status }) => status?.phase === 'Running');
  const name = container ?? running?.spec?.containers[0]?.name ?? '';
  const instance = running && copy.runtime.history(running.metadata.uid ?? '', name).at(-1);
  if (!instance || instance.process.ended !== undefined) {
    const what = pod ?? selector;
    return { kind: 'refused', message: `no container runs in a pod ${what} of namespace ${namespace}` };
  }
  const ran = copy.runtime.runNow(instance, command, EXEC_MS);
  if ('refused' in ran) return { kind: 'refused', message: ran.refused };
  copy.advance(ran.ms);
  return { kind: 'ran', exitCode: ran.code, output: ran.output };
}
