/** `revision`: a workload runs the pod template that a revision of the start had, however it was brought back. */
import type { ControllerRevision, KubeObject, PodTemplateSpec, ReplicaSet } from '#cluster/api/types.ts';
import { changes } from '../changes.ts';
import type { ClusterState, Text } from '../types.ts';
import type { Check } from './check.ts';
import { find, isLeaving, nameOf, refProblems, type Ref } from './find.ts';
import { leaving, otherName } from './near-miss.ts';

export interface RevisionOptions {
  revision: Ref & { is: number };
}

const NUMBER = 'deployment.kubernetes.io/revision';
const MOST_FINDINGS = 5;

interface Workload extends KubeObject {
  spec?: { template?: PodTemplateSpec };
}

/** Without what the controller and `kubectl rollout restart` write into it. */
function written({ metadata, ...rest }: PodTemplateSpec): PodTemplateSpec {
  const { 'pod-template-hash': _hash, ...labels } = metadata?.labels ?? {};
  const { 'kubectl.kubernetes.io/restartedAt': _restarted, ...annotations } = metadata?.annotations ?? {};
  return { metadata: { ...metadata, labels, annotations }, ...rest };
}

const isOwnedBy = (owner: KubeObject, { metadata }: KubeObject): boolean =>
  (metadata.ownerReferences ?? []).some(({ uid }) => uid === owner.metadata.uid);

/** The workload's templates by revision. */
function history({ resources }: ClusterState, owner: KubeObject): Map<number, PodTemplateSpec> {
  const found = new Map<number, PodTemplateSpec>();
  if (owner.kind === 'Deployment') {
    for (const one of (resources['replicasets.apps'] ?? []) as ReplicaSet[]) {
      const template = one.spec?.template;
      if (!isOwnedBy(owner, one) || !template) continue;
      found.set(Number(one.metadata.annotations?.[NUMBER]), written(template));
    }
    return found;
  }
  for (const one of (resources['controllerrevisions.apps'] ?? []) as ControllerRevision[]) {
    const { spec } = (one.data ?? {}) as Workload;
    if (!isOwnedBy(owner, one) || !spec?.template) continue;
    const { $patch: _patch, ...template } = spec.template as PodTemplateSpec & { $patch?: string };
    found.set(one.revision, written(template));
  }
  return found;
}

/** It runs another revision of the start. */
function otherRevision(name: string, number: number, wanted: number): Text {
  return {
    en: `${name} runs the template of revision ${number}; it has to be that of revision ${wanted}.`,
    ko: `${name}: 지금은 리비전 ${number}의 템플릿으로 실행 중입니다. 리비전 ${wanted}의 템플릿이어야 합니다.`,
  };
}

export const revisionCheck: Check<RevisionOptions> = {
  kind: 'revision',
  reads: ({ revision }) => [revision, { kind: revision.kind === 'Deployment' ? 'ReplicaSet' : 'ControllerRevision' }],
  problems: ({ revision }) =>
    refProblems(revision).map(({ path, message }) => ({ path: ['revision', ...path], message })),
  run({ revision: { is, ...ref } }, { now, before }) {
    const name = nameOf(ref);
    if (!before) throw new Error(`the revisions that ${name} had at the start of this cluster are not known`);
    const earlier = find(before, ref);
    const revisions = earlier ? history(before, earlier) : new Map<number, PodTemplateSpec>();
    const wanted = revisions.get(is);
    if (!wanted)
      throw new Error(
        `${name} had no revision ${is} at the start; it had ${[...revisions.keys()].join(', ') || 'none'}`,
      );
    const object: Workload | undefined = find(now, ref);
    if (!object || isLeaving(object)) {
      const nearMiss = object ? leaving(name) : otherName(ref, { now, before });
      const findings = [{ object: name, path: '', expected: name, actual: '' }];
      return { outcome: 'failed', findings, ...(nearMiss ? { nearMiss } : {}) };
    }
    const template = written(object.spec?.template ?? {});
    const path = 'spec.template';
    const findings = changes(wanted, template, path)
      .slice(0, MOST_FINDINGS)
      .map((difference) => ({ object: name, ...difference }));
    if (findings.length === 0) return { outcome: 'passed' };
    const [other] = [...revisions].filter(([, one]) => changes(one, template, path).length === 0);
    return { outcome: 'failed', findings, ...(other ? { nearMiss: otherRevision(name, other[0], is) } : {}) };
  },
};
