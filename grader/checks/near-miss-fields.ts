/** What comes close inside an object: the right value in another field, a selector that selects nothing, what is still on its way. */
import type { KubeObject } from '#cluster/api/types.ts';
import { matches, requirementsOf } from '#cluster/api/selector.ts';
import { fieldPath, isMap, valueAt } from '../paths.ts';
import { show } from '../show.ts';
import type { Finding, Text } from '../types.ts';
import type { CheckInput } from './check.ts';

/** Values that stand in many fields and say nothing by standing in one. */
const COMMON = /^(true|false|\d|\d\d?%|Exists|Equal|In|TCP|Always|)$/;

/** Every value of an object, by its path; of maps also the whole. */
function valuesOf(value: unknown, path = ''): [path: string, value: unknown][] {
  if (Array.isArray(value)) return value.flatMap((entry, index) => valuesOf(entry, `${path}[${index}]`));
  if (!isMap(value)) return [[path, value]];
  const inside = Object.entries(value).flatMap(([key, inner]) => valuesOf(inner, fieldPath(path, key)));
  return path === '' ? inside : [[path, value], ...inside];
}

/** The path as a check writes it: with no telling one entry of a list from another. */
const general = (path: string): string => path.replace(/\[[^"\]]*\]/g, '[]');

/** A value that is looked for has been put into another field since the start. */
export function otherField(
  findings: readonly Finding[],
  object: KubeObject,
  earlier: KubeObject | undefined,
): Text | undefined {
  const { spec, data, metadata } = object as KubeObject & { spec?: unknown; data?: unknown };
  const written = valuesOf({ metadata: { labels: metadata.labels, annotations: metadata.annotations }, spec, data });
  for (const { path, expected } of findings) {
    if (path === '' || path.startsWith('status') || COMMON.test(expected)) continue;
    const found = written.find(
      ([at, value]) =>
        show(value) === expected &&
        general(at) !== general(path) &&
        show(valueAt(earlier, at)) !== expected &&
        isFree(at, path),
    );
    if (!found) continue;
    return {
      en: `"${expected}" stands at ${found[0]}; it belongs at ${path}.`,
      ko: `"${expected}" 값이 ${found[0]}에 있습니다. ${path}에 있어야 합니다.`,
    };
  }
  return undefined;
}

/** A name of an object is in many places of it: only fields of the same kind can be mixed up. */
const isFree = (at: string, path: string): boolean => !at.endsWith('.name') || path.endsWith('.name');

/** All that is missing is what the cluster reports: it was asked for, and has not come yet. */
export function onItsWay(name: string, findings: readonly Finding[]): Text | undefined {
  if (findings.length === 0 || findings.some(({ path }) => !path.startsWith('status'))) return undefined;
  return {
    en: `${name} is written as it should be; what it asks for has not come about yet. If it is still so in a minute, look at its pods and events.`,
    ko: `${name}: 내용은 맞지만 아직 그 상태에 이르지 못했습니다. 1분 뒤에도 그대로라면 파드와 이벤트를 살펴보세요.`,
  };
}

interface Selecting extends KubeObject {
  spec?: { selector?: unknown; podSelector?: unknown };
}

/** A selector that no pod of its namespace fits. */
export function selectsNothing(object: KubeObject, { now }: CheckInput): Text | undefined {
  const { spec } = object as Selecting;
  const selector = object.kind === 'Service' ? { matchLabels: spec?.selector } : (spec?.podSelector ?? spec?.selector);
  if (!isMap(selector) || !['Service', 'NetworkPolicy', 'PodDisruptionBudget'].includes(object.kind)) return undefined;
  const requirements = requirementsOf(selector);
  if (!requirements || requirements.length === 0) return undefined;
  const pods = (now.resources['pods'] ?? []).filter(({ metadata }) => metadata.namespace === object.metadata.namespace);
  if (pods.some(({ metadata }) => matches(requirements, metadata.labels ?? {}))) return undefined;
  const { name, namespace = '' } = object.metadata;
  return {
    en: `The selector of ${object.kind} "${name}" fits no pod in namespace "${namespace}".`,
    ko: `${object.kind} "${name}"의 셀렉터와 맞는 파드가 네임스페이스 "${namespace}"에 없습니다.`,
  };
}
