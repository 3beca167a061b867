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
difficulty: 1
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
  - en: kubectl get namespaces --show-labels shows what is there.
    ko: kubectl get namespaces --show-labels로 지금 붙어 있는 레이블을 볼 수 있습니다.
  - en: Labels stand under metadata of an object, beside its name. Annotations do too, and are something else.
    ko: 레이블은 오브젝트의 metadata 아래, 이름 옆에 있습니다. 어노테이션도 같은 자리에 있지만 다른 것입니다.
  - en: kubectl has a command of its own for labels; its --help shows the forms with examples.
    ko: kubectl에는 레이블만 다루는 명령이 따로 있고, 그 --help에 쓰는 법과 예시가 나옵니다.
links:
  - title: Labels and Selectors
    url: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
# for each script in mistakes/: the checks that must fail after it
mistakes:
  annotation: [stage-label]
  other-namespace: [stage-label]
  wrong-value: [stage-label]
`,
  'task.en.md': `Give the namespace \`${slug}\` the label \`stage=test\`.\n`,
  'task.ko.md': `네임스페이스 \`${slug}\`에 레이블 \`stage=test\`를 붙이세요.\n`,
  'explanation.en.md': `## Why

Labels are what others select by: network policies, quotas and people with \`kubectl get -l\`. An annotation
with the same text is found by none of them.

## How to verify

\`kubectl get namespace ${slug} --show-labels\` has \`stage=test\` in its last column.

## The fast way

\`kubectl label ns ${slug} stage=test\`. A label that is there already needs \`--overwrite\`.

## Documentation

[Labels and Selectors](https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/)
`,
  'explanation.ko.md': `## 이유

레이블은 다른 것들이 대상을 고르는 기준입니다. 네트워크 정책, 쿼터, 그리고 \`kubectl get -l\`이 레이블을 봅니다.
같은 글자를 어노테이션에 적으면 아무것도 찾지 못합니다.

## 확인 방법

\`kubectl get namespace ${slug} --show-labels\`의 마지막 열에 \`stage=test\`가 보입니다.

## 빠른 방법

\`kubectl label ns ${slug} stage=test\`. 이미 있는 레이블을 바꾸려면 \`--overwrite\`가 필요합니다.

## 문서

[Labels and Selectors](https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/)
`,
  'setup/namespace.yaml': `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${yaml(slug)}\n`,
  'solutions/01-label.sh': `kubectl label namespace ${slug} stage=test\n`,
  'solutions/02-patch.sh': `kubectl patch namespace ${slug} -p '{"metadata":{"labels":{"stage":"test"}}}'\n`,
  'mistakes/annotation.sh': `kubectl annotate namespace ${slug} stage=test\n`,
  'mistakes/other-namespace.sh': 'kubectl label namespace default stage=test\n',
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
