/** What a pod that takes care says about itself. */
import type { Container, PodSpec, Volume } from '../../api/types.ts';
import { badSeccomp, procMountViolation } from './baseline.ts';
import type { Check } from './check.ts';
import { containersOf, named, namesWhere, plural, quoted, setters, sorted } from './containers.ts';

const ALLOWED_VOLUMES = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);

const isWindows = ({ os }: PodSpec, minor: number) => minor >= 25 && os?.name === 'windows';
/** In a user namespace of its own, root is nobody. */
const hasOwnUsers = ({ hostUsers }: PodSpec, minor: number) => minor >= 35 && hostUsers === false;

const allowPrivilegeEscalation: Check = {
  id: 'allowPrivilegeEscalation',
  since: 8,
  run(spec, _metadata, minor) {
    if (isWindows(spec, minor)) return undefined;
    const names = namesWhere(spec, (one) => one.securityContext?.allowPrivilegeEscalation !== false);
    if (names.length === 0) return undefined;
    return {
      reason: 'allowPrivilegeEscalation != false',
      detail: `${named(names)} must set securityContext.allowPrivilegeEscalation=false`,
    };
  },
};

const capabilities: Check = {
  id: 'capabilities_restricted',
  since: 22,
  replaces: 'capabilities_baseline',
  run(spec, _metadata, minor) {
    if (isWindows(spec, minor)) return undefined;
    const added = ({ securityContext }: Container) =>
      (securityContext?.capabilities?.add ?? []).filter((one) => one !== 'NET_BIND_SERVICE');
    const keeping = namesWhere(spec, (one) => !one.securityContext?.capabilities?.drop?.includes('ALL'));
    const adding = namesWhere(spec, (one) => added(one).length > 0);
    const which = quoted(sorted(containersOf(spec).flatMap(added)));
    const details = [
      ...(keeping.length > 0 ? [`${named(keeping)} must set securityContext.capabilities.drop=["ALL"]`] : []),
      ...(adding.length > 0 ? [`${named(adding)} must not include ${which} in securityContext.capabilities.add`] : []),
    ];
    return details.length === 0 ? undefined : { reason: 'unrestricted capabilities', detail: details.join('; ') };
  },
};

const procMount: Check = {
  id: 'procMount_restricted',
  since: 35,
  replaces: 'procMount',
  run: procMountViolation,
};

const sourceOf = (volume: Volume) =>
  Object.entries(volume).find(([field, value]) => field !== 'name' && value !== undefined)?.[0] ?? 'unknown';

const volumes: Check = {
  id: 'restrictedVolumes',
  since: 0,
  replaces: 'hostPathVolumes',
  run(spec) {
    const bad = (spec.volumes ?? []).filter((volume) => !ALLOWED_VOLUMES.has(sourceOf(volume)));
    if (bad.length === 0) return undefined;
    const types = sorted(bad.map(sourceOf));
    const who = `${plural('volume', 'volumes', bad.length)} ${quoted(bad.map(({ name }) => name))}`;
    const what = plural('restricted volume type', 'restricted volume types', types.length);
    return {
      reason: 'restricted volume types',
      detail: `${who} ${plural('uses', 'use', bad.length)} ${what} ${quoted(types)}`,
    };
  },
};

const runAsNonRoot: Check = {
  id: 'runAsNonRoot',
  since: 0,
  run(spec, _metadata, minor) {
    if (hasOwnUsers(spec, minor)) return undefined;
    const reason = 'runAsNonRoot != true';
    const pod = spec.securityContext?.runAsNonRoot;
    const who = setters(
      pod === false,
      namesWhere(spec, (one) => one.securityContext?.runAsNonRoot === false),
    );
    if (who !== '') return { reason, detail: `${who} must not set securityContext.runAsNonRoot=false` };
    const silent = namesWhere(spec, (one) => one.securityContext?.runAsNonRoot === undefined);
    if (pod === true || silent.length === 0) return undefined;
    return { reason, detail: `pod or ${named(silent)} must set securityContext.runAsNonRoot=true` };
  },
};

const runAsUser: Check = {
  id: 'runAsUser',
  since: 23,
  run(spec, _metadata, minor) {
    if (hasOwnUsers(spec, minor)) return undefined;
    const isRoot = (one: PodSpec | Container) => one.securityContext?.runAsUser === 0;
    const who = setters(isRoot(spec), namesWhere(spec, isRoot));
    return who === '' ? undefined : { reason: 'runAsUser=0', detail: `${who} must not set runAsUser=0` };
  },
};

const seccompProfile: Check = {
  id: 'seccompProfile_restricted',
  since: 19,
  replaces: 'seccompProfile_baseline',
  run(spec, _metadata, minor) {
    if (isWindows(spec, minor)) return undefined;
    const bad = badSeccomp(spec);
    if (bad) return bad;
    const silent = namesWhere(spec, (one) => one.securityContext?.seccompProfile === undefined);
    if (spec.securityContext?.seccompProfile || silent.length === 0) return undefined;
    return {
      reason: 'seccompProfile',
      detail: `pod or ${named(silent)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
    };
  },
};

export const restrictedChecks: readonly Check[] = [
  allowPrivilegeEscalation,
  capabilities,
  procMount,
  volumes,
  runAsNonRoot,
  runAsUser,
  seccompProfile,
];
