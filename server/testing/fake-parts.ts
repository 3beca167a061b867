/** Stand-ins for clusters, workspaces and scenarios, so that use cases are tested without any of them. */
import { PassThrough } from 'node:stream';
import { someScenario as fakeScenario } from '#grader/testing.ts';
import type { Blueprint } from '#grader/index.ts';
import type { ClusterState, Report, Scenario, SetupStep, Trial, TrialStep } from '#grader/types.ts';
import type { Parts, ScenarioProblem, WorkspaceRequest } from '../ports.ts';

/** A cluster that is only a list of words; a scenario's check asks for a word. */
class FakeCluster {
  readonly id: string;
  readonly kubeconfig = 'apiVersion: v1';
  words: string[] = [];
  closed = false;

  constructor(id: string) {
    this.id = id;
  }

  connect(): PassThrough {
    return new PassThrough();
  }

  state(): Promise<ClusterState> {
    const resources = { words: this.words.map((name) => ({ apiVersion: 'v1', kind: 'Word', metadata: { name } })) };
    return Promise.resolve({ now: 0, resources });
  }

  snapshot(): Promise<Uint8Array> {
    return Promise.resolve(Buffer.from(JSON.stringify(this.words)));
  }

  async store(save: (snapshot: Uint8Array) => Promise<void>): Promise<void> {
    await save(await this.snapshot());
  }

  unstored(): Promise<{ journalBytes: number; files: boolean }> {
    return Promise.resolve({ journalBytes: 0, files: true });
  }

  reset(snapshot: Uint8Array): Promise<void> {
    this.words = JSON.parse(Buffer.from(snapshot).toString('utf8')) as string[];
    return Promise.resolve();
  }

  setup(steps: readonly SetupStep[]): Promise<void> {
    for (const step of steps) {
      if ('cordon' in step && step.cordon === 'missing') return Promise.reject(new Error('no such node'));
    }
    this.words.push('set-up');
    return Promise.resolve();
  }

  tryOut(steps: readonly TrialStep[]): Promise<Trial> {
    return Promise.resolve({ outcomes: steps.map(() => ({ kind: 'done' })), now: 0, resources: {} });
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

export interface FakeParts extends Parts {
  /** Clusters made so far, in order. */
  made: FakeCluster[];
  /** Ids of workspaces that are open. */
  machines: Set<string>;
  list: Scenario[];
  blueprints: Blueprint[];
  problems: ScenarioProblem[];
  /** Set to make `workspaces.open` fail with it. */
  sandboxProblem: string | undefined;
}

export function fakeParts(list: Scenario[] = [fakeScenario('core/one'), fakeScenario('core/two')]): FakeParts {
  const parts: FakeParts = {
    made: [],
    machines: new Set(),
    list,
    blueprints: [],
    problems: [],
    sandboxProblem: undefined,
    clusters: {
      async create({ restore }) {
        const cluster = new FakeCluster(String(parts.made.length));
        if (restore !== undefined) await cluster.reset(restore);
        parts.made.push(cluster);
        return cluster;
      },
      close: () => Promise.resolve(),
    },
    workspaces: {
      open({ id }: WorkspaceRequest) {
        if (parts.sandboxProblem !== undefined) return Promise.reject(new Error(parts.sandboxProblem));
        parts.machines.add(id);
        const machine = {
          closed: false,
          terminals: [],
          inputs: 0,
          asleep: false,
          said: [] as string[],
          say: (sentence: string) => void machine.said.push(sentence),
          sleep(sentence: string) {
            machine.said.push(sentence);
            machine.asleep = true;
            return Promise.resolve();
          },
          screens: () => Promise.resolve({}),
          close() {
            machine.closed = true;
            parts.machines.delete(id);
            return Promise.resolve();
          },
        };
        return Promise.resolve(machine);
      },
      close: () => Promise.resolve(),
    },
    scenarios: {
      current: () => ({ scenarios: parts.list, blueprints: parts.blueprints, problems: parts.problems }),
      // its task says which one it is
      variant: (scenario, seed) => ({ ...scenario, task: { en: `Variant ${seed}`, ko: `변형 ${seed}` } }),
      grade: (scenario, { now }) => gradeWords(scenario, now),
      close: () => undefined,
    },
    attach: () => undefined,
  };
  return parts;
}

/** Each check passes when the cluster has the word it is named after; a check named `broken` cannot run. */
function gradeWords(scenario: Scenario, now: ClusterState): Report {
  const words = new Set(now.resources['words']?.map((word) => word.metadata.name));
  const results = scenario.checks.map(({ id, sentence, points }): Report['results'][number] => {
    if (id === 'broken') return { id, sentence, points, scored: 0, result: { outcome: 'unknown', reason: 'broken' } };
    if (words.has(id)) return { id, sentence, points, scored: points, result: { outcome: 'passed' } };
    const findings = [{ object: `Word ${id}`, path: '', expected: id, actual: '' }];
    return { id, sentence, points, scored: 0, result: { outcome: 'failed', findings } };
  });
  return {
    scenario: scenario.id,
    results,
    scored: results.reduce((sum, result) => sum + result.scored, 0),
    possible: results
      .filter((result) => result.result.outcome !== 'unknown')
      .reduce((sum, result) => sum + result.points, 0),
  };
}

export { fakeScenario };
