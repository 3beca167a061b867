/** For tests: states of a cluster and scenario folders in a few words. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import type { KubeObject } from '#cluster/api/types.ts';
import { resourceName } from '#cluster/schema/resources.ts';
import { infoOf } from './checks/find.ts';
import type { ClusterState, Scenario } from './types.ts';

/** An object from YAML; its uid is made from kind, namespace and name unless it has one. */
export function object(yaml: string): KubeObject {
  const parsed = parse(yaml) as KubeObject;
  const { namespace = '', name } = parsed.metadata;
  parsed.metadata = { uid: `${parsed.kind}/${namespace}/${name}`, ...parsed.metadata };
  return parsed;
}

export function state(...objects: KubeObject[]): ClusterState {
  const resources: Record<string, KubeObject[]> = {};
  for (const one of objects) (resources[resourceName(infoOf(one))] ??= []).push(one);
  return { now: 0, resources };
}

export const EMPTY = state();

/** A new temporary folder with these files. */
export function folder(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'drydock-grader-'));
  writeFiles(root, files);
  return root;
}

export function writeFiles(root: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** The files of a scenario that loads: change one to have one that does not. */
export const SCENARIO: Readonly<Record<string, string>> = {
  'scenario.yaml': `version: 1
title: { en: A title, ko: 제목 }
domain: storage
competencies: [Manage persistent volumes and persistent volume claims]
difficulty: 1
minutes: 5
setup:
  - apply: setup/team.yaml
checks:
  - id: quota
    points: 2
    sentence: { en: A quota, ko: 쿼터 }
    object: { kind: ResourceQuota, name: compute, namespace: team }
    expect:
      spec: { hard: { pods: 4 } }
mistakes:
  wrong-number: [quota]
`,
  'task.en.md': 'Make a quota.\n',
  'task.ko.md': '쿼터를 만드세요.\n',
  'setup/team.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: team\n',
  'solutions/01-create.sh': 'kubectl create quota compute -n team --hard=pods=4\n',
  'mistakes/wrong-number.sh': 'kubectl create quota compute -n team --hard=pods=5\n',
};

/** A scenario that nobody loaded. */
export function someScenario(id: string, changes: Partial<Scenario> = {}): Scenario {
  const both = (text: string) => ({ en: text, ko: `${text} (ko)` });
  return {
    id,
    folder: `/scenarios/${id}`,
    origin: 'shipped',
    title: both(`Title of ${id}`),
    domain: 'storage',
    competencies: [],
    difficulty: 1,
    minutes: 6,
    points: 3,
    varies: false,
    nodes: ['controlplane', 'node01'],
    task: both('Create `alpha` and `beta`.'),
    hints: [both('First hint'), both('Second hint')],
    links: [],
    setup: [],
    home: {},
    mutations: { harmless: [] },
    checks: [
      { id: 'alpha', points: 1, sentence: both('Alpha is there'), run: { kind: 'object', options: {} } },
      { id: 'beta', points: 2, sentence: both('Beta is there'), run: { kind: 'object', options: {} } },
    ],
    solutions: [{ name: '01-imperative', text: 'kubectl create word alpha beta\n' }],
    mistakes: [],
    ...changes,
  };
}
