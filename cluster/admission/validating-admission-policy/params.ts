/** The objects that a policy's binding hands to it. */
import { labelSelectorMatches } from '../../api/selector.ts';
import type { KubeObject } from '../../api/types.ts';
import type { ParamKind, ParamRef } from '../../api/admission-registration.ts';
import { resourceName, resources } from '../../schema/resources.ts';
import type { Reader } from '../../store/client.ts';

/** Why a policy, or its binding, cannot be used. */
export class Misconfigured extends Error {}

interface ParamResource {
  name: string;
  namespaced: boolean;
}

interface Definition extends KubeObject {
  spec?: {
    group?: string;
    scope?: string;
    names?: { plural?: string; kind?: string };
    versions?: { name?: string; served?: boolean }[];
  };
  status?: { conditions?: { type?: string; status?: string }[] };
}

/** @throws Misconfigured when no resource is of that kind */
export function paramResource(store: Reader, { apiVersion = '', kind = '' }: ParamKind): ParamResource {
  const slash = apiVersion.indexOf('/');
  const [group, version] = slash < 0 ? ['', apiVersion] : [apiVersion.slice(0, slash), apiVersion.slice(slash + 1)];
  const info = resources.find((one) => one.group === group && one.version === version && one.kind === kind);
  if (info) return { name: resourceName(info), namespaced: info.namespaced };
  const custom = store
    .list<Definition>('customresourcedefinitions.apiextensions.k8s.io')
    .find(
      ({ spec, status }) =>
        spec?.group === group &&
        spec.names?.kind === kind &&
        (spec.versions ?? []).some((one) => one.name === version && one.served) &&
        (status?.conditions ?? []).some((one) => one.type === 'Established' && one.status === 'True'),
    );
  const plural = custom?.spec?.names?.plural;
  if (plural === undefined) {
    throw new Misconfigured(`failed to find resource referenced by paramKind: '${group}/${version}, Kind=${kind}'`);
  }
  return { name: `${plural}.${group}`, namespaced: custom?.spec?.scope === 'Namespaced' };
}

/** None: the binding asks for none to be found. null: the policy runs without parameters. @throws Misconfigured */
export function collectParams(
  store: Reader,
  paramKind: ParamKind,
  resource: ParamResource,
  ref: ParamRef | undefined,
  namespace: string,
): readonly (KubeObject | null)[] {
  if (!ref) return [null];
  const { name, namespaced } = resource;
  if (namespaced && !ref.namespace && namespace === '') {
    throw new Misconfigured('cannot use namespaced paramRef in policy binding that matches cluster-scoped resources');
  }
  if (!namespaced && ref.namespace) {
    throw new Misconfigured('paramRef.namespace must not be provided for a cluster-scoped `paramKind`');
  }
  const where = namespaced ? ref.namespace || namespace : '';
  const found = ref.name
    ? [store.get<KubeObject>(name, where, ref.name)].filter((one) => one !== undefined)
    : store
        .list<KubeObject>(name, where)
        .filter(({ metadata }) => labelSelectorMatches(ref.selector, metadata.labels ?? {}));
  if (found.length === 0 && ref.parameterNotFoundAction === 'Deny') {
    throw new Misconfigured('no params found for policy binding with `Deny` parameterNotFoundAction');
  }
  return found.map((object) => ({ ...object, apiVersion: paramKind.apiVersion ?? '', kind: paramKind.kind ?? '' }));
}
