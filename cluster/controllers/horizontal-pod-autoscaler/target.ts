/** What an autoscaler scales: anything with a scale subresource, told by its kind and group. */
import { parseLabelSelector, labelSelectorText } from '../../api/selector.ts';
import { StatusError } from '../../api/status.ts';
import type { Deployment, HorizontalPodAutoscaler, KubeObject, LabelSelector } from '../../api/types.ts';
import { customResources } from '../../custom-resources/index.ts';
import { getCustomScale, scaled } from '../../custom-resources/scale.ts';
import { resourceName } from '../../schema/resources.ts';
import type { Client, Reader } from '../../store/client.ts';

export interface ScaleTarget {
  /** Replicas wanted now. */
  replicas: number;
  /** As text; '' where the kind tells none. */
  selector: string;
  /** @throws StatusError */
  scale(client: Client, replicas: number): void;
}

const groupOf = (apiVersion: string | undefined): string =>
  apiVersion?.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';

/** A ReplicationController selects by plain labels. */
function selectorTextOf({ kind, spec }: Deployment): string {
  const selector = (spec?.selector ?? {}) as LabelSelector | Record<string, string>;
  return labelSelectorText(
    kind === 'ReplicationController' ? { matchLabels: selector as Record<string, string> } : selector,
  );
}

/** A text says why there is none. */
export function targetOf(store: Reader, { metadata, spec }: HorizontalPodAutoscaler): ScaleTarget | string {
  if (spec === undefined) return 'unrecognized resource';
  const { kind, name, apiVersion } = spec.scaleTargetRef;
  const group = groupOf(apiVersion);
  const custom = customResources(store);
  const info = custom.all.find((one) => one.kind === kind && one.group === group);
  if (info === undefined) return `no matches for kind ${JSON.stringify(kind)} in group ${JSON.stringify(group)}`;
  const resource = resourceName(info);
  const paths = custom.byName.get(resource)?.scale;
  if (paths === undefined && !info.subresources.some((one) => one.name === 'scale'))
    return 'the server could not find the requested resource';
  const object = store.get<KubeObject>(resource, metadata.namespace ?? '', name);
  if (object === undefined) return `${resource} ${JSON.stringify(name)} not found`;
  if (paths === undefined) {
    const deployment = object as Deployment;
    return {
      replicas: deployment.spec?.replicas ?? 1,
      selector: selectorTextOf(deployment),
      scale: (client, replicas) => {
        const { selector, template, ...rest } = deployment.spec ?? { selector: {}, template: {} };
        client.update<Deployment>(resource, { ...deployment, spec: { ...rest, selector, template, replicas } });
      },
    };
  }
  try {
    const { spec: wanted, status } = getCustomScale(object, paths);
    return {
      replicas: wanted?.replicas ?? 0,
      selector: status?.selector ?? '',
      scale: (client, replicas) => {
        const next = scaled(object, { group, resource: info.resource }, paths, (old) => ({
          ...old,
          spec: { replicas },
        }));
        client.update(resource, next.object);
      },
    };
  } catch (error) {
    if (error instanceof StatusError) return error.message;
    throw error;
  }
}

/** Requirements of a target's selector; a sentence for what is none. */
export function requirementsIn(selector: string): ReturnType<typeof parseLabelSelector> | string {
  try {
    return parseLabelSelector(selector);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `couldn't convert selector into a corresponding internal selector object: ${why}`;
  }
}
