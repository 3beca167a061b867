/** The first files of a new scenario: a small task that is complete and passes its proof. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';

const SCHEMA = join(dirname(fileURLToPath(import.meta.url)), '../../scenarios/scenario.schema.json');

/** Quoted where YAML would take it for a number or a truth value. */
const yaml = (text: string): string => stringify(text).trim();

const files = (slug: string, schema: string): Record<string, string> => ({
  'scenario.yaml': `# yaml-language-server: $schema=${schema}
version: 1
title:
  en: Label a namespace
  ko: 네임스페이스에 레이블 붙이기
domain: workloads-and-scheduling
competencies:
  - Understand the primitives used to create robust, self-healing, application deployments
difficulty: easy
minutes: 3
setup:
  - apply: setup/namespace.yaml
checks:
  - id: stage-label
    points: 2
    sentence:
      en: Namespace ${slug} has the label stage=test
      ko: 네임스페이스 ${slug}에 레이블 stage=test가 붙어 있습니다
    object: { kind: Namespace, name: ${yaml(slug)} }
    expect:
      metadata:
        labels: { stage: test }
hints:
  - en: kubectl label --help shows the forms with examples.
    ko: kubectl label --help를 보면 쓰는 법과 예시가 나옵니다.
links:
  - title: Labels and Selectors
    url: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
# for each script in mistakes/: the checks that must fail after it
mistakes:
  wrong-value: [stage-label]
`,
  'task.en.md': `Give the namespace \`${slug}\` the label \`stage=test\`.\n`,
  'task.ko.md': `네임스페이스 \`${slug}\`에 레이블 \`stage=test\`를 붙이세요.\n`,
  'setup/namespace.yaml': `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${yaml(slug)}\n`,
  'solutions/01-label.sh': `kubectl label namespace ${slug} stage=test\n`,
  'solutions/02-patch.sh': `kubectl patch namespace ${slug} -p '{"metadata":{"labels":{"stage":"test"}}}'\n`,
  'mistakes/wrong-value.sh': `kubectl label namespace ${slug} stage=testing\n`,
});

/** Writes the files and returns their paths. The folder's name becomes the namespace of the example. */
export function scaffoldScenario(folder: string): string[] {
  const slug = basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return Object.entries(files(slug || 'my-task', relative(folder, SCHEMA))).map(([name, text]) => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  });
}
