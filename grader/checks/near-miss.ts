/** What comes close to what was asked: told to learners beside the findings, never instead of them. */
import type { KubeObject } from '#cluster/api/types.ts';
import { parseQuantity } from '#cluster/api/quantity.ts';
import type { ResourceInfo } from '#cluster/schema/resources.ts';
import { distance, nearest } from '../near.ts';
import type { Finding, Text } from '../types.ts';
import type { CheckInput } from './check.ts';
import { all, infoOf, isLeaving, namespaceOf, shortName, type Ref } from './find.ts';

/** Letters that may differ for a name to count as mistyped. */
const TYPO = 2;

/** Objects of a kind that were not there at the start. */
export function newObjects(info: ResourceInfo, { now, before }: CheckInput): KubeObject[] {
  const old = new Set((before ? all(before, info) : []).map(({ metadata }) => metadata.uid));
  return all(now, info).filter((object) => !old.has(object.metadata.uid) && !isLeaving(object));
}

/** What looks like the object that is missing. Objects that were there from the start are none. */
export function otherName(ref: Ref, input: CheckInput): Text | undefined {
  const info = infoOf(ref);
  const wanted = namespaceOf(ref, info);
  const candidates = newObjects(info, input);
  const elsewhere = candidates.find(({ metadata }) => metadata.name === ref.name);
  if (elsewhere) {
    const namespace = elsewhere.metadata.namespace ?? '';
    return {
      en: `${ref.kind} "${ref.name}" is in namespace "${namespace}"; it belongs in "${wanted}".`,
      ko: `${ref.kind} "${ref.name}": 네임스페이스가 다릅니다. 지금은 "${namespace}"에 있고, "${wanted}"에 있어야 합니다.`,
    };
  }
  const alike = candidates
    .map((object) => ({ object, away: distance(object.metadata.name, ref.name, TYPO) }))
    .filter(({ away }) => away <= TYPO && away < ref.name.length)
    .sort(
      (a, b) =>
        Number(b.object.metadata.namespace === wanted) - Number(a.object.metadata.namespace === wanted) ||
        a.away - b.away,
    )[0];
  if (!alike) return undefined;
  const { name, namespace = '' } = alike.object.metadata;
  const apart = namespace !== '' && namespace !== wanted;
  return {
    en: `There is a ${ref.kind} "${name}"${apart ? ` in namespace "${namespace}"` : ''}; its name has to be "${ref.name}"${apart ? `, its namespace "${wanted}"` : ''}.`,
    ko: `비슷한 이름의 ${ref.kind} "${name}"${apart ? ` (네임스페이스 "${namespace}")` : ''} 발견: 올바른 이름은 "${ref.name}"${apart ? `, 올바른 네임스페이스는 "${wanted}"` : ''}입니다.`,
  };
}

/** It was made in the cluster of another question of the exam. */
export function otherCluster(ref: Ref, { others = {} }: CheckInput): Text | undefined {
  const info = infoOf(ref);
  const host = Object.keys(others).find((name) => {
    const other = others[name];
    return other && newObjects(info, other).some(({ metadata }) => metadata.name === ref.name);
  });
  if (host === undefined) return undefined;
  return {
    en: `${ref.kind} "${ref.name}" is in the cluster of the host "${host}"; this task has another.`,
    ko: `${ref.kind} "${ref.name}": 호스트 "${host}"의 클러스터에 있습니다. 이 과제의 클러스터는 다릅니다.`,
  };
}

/** Something else was deleted: the name is nearly the same, or the namespace is another. */
export function otherGone(ref: Ref, { now, before }: CheckInput): Text | undefined {
  if (!before) return undefined;
  const info = infoOf(ref);
  const left = new Set(all(now, info).map(({ metadata }) => metadata.uid));
  const gone = all(before, info).filter(({ metadata }) => !left.has(metadata.uid));
  const meant = gone.find(
    ({ metadata: { name } }) =>
      name === ref.name || distance(name, ref.name, TYPO) <= Math.min(TYPO, ref.name.length - 1),
  );
  if (!meant) return undefined;
  return {
    en: `${ref.kind} "${shortName(meant)}" is gone instead; it was to stay.`,
    ko: `${ref.kind} "${shortName(meant)}": 지워야 할 것이 아닌데 대신 삭제되었습니다.`,
  };
}

/** Objects are there, only without the labels that are looked for. */
export function otherLabels(
  kind: string,
  { namespace, selector }: { namespace?: string; selector?: string },
  unlabelled: number,
): Text | undefined {
  if (selector === undefined || unlabelled === 0) return undefined;
  const where =
    namespace === undefined
      ? { en: '', ko: '' }
      : { en: ` in namespace "${namespace}"`, ko: `네임스페이스 "${namespace}"에 ` };
  return {
    en: `${unlabelled} × ${kind}${where.en} would do, but for the labels: none has ${selector}.`,
    ko: `${where.ko}조건에 맞는 ${kind} ${unlabelled}개가 있지만 레이블 ${selector}이(가) 없습니다.`,
  };
}

/** Another object of the kind got what this one lacks: the right taint on the wrong node. */
export function otherObject(
  ref: Ref,
  lacking: KubeObject,
  holds: (object: KubeObject) => boolean,
  { now, before }: CheckInput,
): Text | undefined {
  const info = infoOf(ref);
  const other = all(now, info).find((candidate) => {
    if (candidate.metadata.uid === lacking.metadata.uid || !holds(candidate)) return false;
    const earlier = before && all(before, info).find(({ metadata }) => metadata.uid === candidate.metadata.uid);
    return !earlier || !holds(earlier);
  });
  if (!other) return undefined;
  return {
    en: `${ref.kind} "${shortName(other)}" has what ${ref.kind} "${shortName(lacking)}" should have.`,
    ko: `${ref.kind} "${shortName(other)}"에 되어 있습니다. "${shortName(lacking)}"에 되어 있어야 합니다.`,
  };
}

/** 100m for 100Mi, 1G for 1Gi: the number is right, the unit is not. */
export function otherUnit(findings: readonly Finding[]): Text | undefined {
  const number = /^[+-]?[0-9.]+/;
  const mistaken = findings.find(({ expected, actual }) => {
    const same = number.exec(expected)?.[0] === number.exec(actual)?.[0] && number.test(expected);
    return same && parseQuantity(expected) !== undefined && parseQuantity(actual) !== undefined;
  });
  if (!mistaken) return undefined;
  const { path, expected, actual } = mistaken;
  return {
    en: `The number in ${path} is right, its unit is not: "${actual}" should be "${expected}".`,
    ko: `${path}: 숫자는 맞지만 단위가 다릅니다. "${actual}" 대신 "${expected}" 값이어야 합니다.`,
  };
}

/** A file of a name that is nearly right, or of the right name in another folder. */
export function mistypedFile(path: string, beside: readonly string[]): Text | undefined {
  const nameIn = (one: string) => one.slice(one.lastIndexOf('/') + 1);
  const other = beside.find((one) => nameIn(one) === nameIn(path)) ?? nearest(path, beside, TYPO);
  if (other === undefined) return undefined;
  return {
    en: `There is a file ~/${other}; it has to be ~/${path}.`,
    ko: `~/${other} 파일이 있습니다. 올바른 이름은 ~/${path}입니다.`,
  };
}

export const leaving = (name: string): Text => ({
  en: `${name} was deleted and is on its way out; something may still hold it.`,
  ko: `${name}: 삭제 명령을 받아 정리되는 중입니다. 아직 무언가가 붙잡고 있을 수 있습니다.`,
});

export const replaced = (name: string): Text => ({
  en: `${name} is not the original: that was deleted and another made under the same name.`,
  ko: `${name}: 원래 것이 삭제되고 같은 이름으로 새로 만들어졌습니다.`,
});

/** Right objects, wrong namespace. */
export function otherNamespace(kind: string, objects: readonly KubeObject[], wanted: string): Text | undefined {
  const namespace = objects.find(({ metadata }) => metadata.namespace !== wanted)?.metadata.namespace;
  if (namespace === undefined) return undefined;
  return {
    en: `What is looked for is in namespace "${namespace}" (${kind}); it belongs in "${wanted}".`,
    ko: `${kind}: 조건에 맞는 것이 네임스페이스 "${namespace}"에 있습니다. "${wanted}"에 있어야 합니다.`,
  };
}
