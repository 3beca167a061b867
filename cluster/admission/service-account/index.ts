import { pathSegment } from '../../api/names.ts';
import type { Container, Pod, PodSpec, ServiceAccount, Volume } from '../../api/types.ts';
import type { AdmissionContext, AdmissionPlugin, AdmissionRequest } from '../plugin.ts';
import { objectOf, refuse } from '../request.ts';
import { mountableSecretsProblem } from './mountable-secrets.ts';

const DEFAULT = 'default';
const VOLUME_PREFIX = 'kube-api-access-';
const MOUNT_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';
/** Seconds: an hour and seven seconds. The seven mark tokens that may be extended to a year. */
const TOKEN_EXPIRATION = 3607;
const MIRROR = 'kubernetes.io/config.mirror';

/** Everything a program in a pod needs to talk to the API server. */
const tokenVolume = (name: string): Volume => ({
  name,
  projected: {
    sources: [
      { serviceAccountToken: { expirationSeconds: TOKEN_EXPIRATION, path: 'token' } },
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      {
        downwardAPI: {
          items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
        },
      },
    ],
    defaultMode: 0o644,
  },
});

const mountsAt = (container: Container) =>
  (container.volumeMounts ?? []).some(({ mountPath }) => mountPath === MOUNT_PATH);

function mountToken(spec: PodSpec, { random }: AdmissionContext): void {
  const existing = spec.volumes?.find(({ name }) => name.startsWith(VOLUME_PREFIX))?.name;
  const bare = [...(spec.initContainers ?? []), ...(spec.containers ?? [])].filter((container) => !mountsAt(container));
  if (bare.length === 0) return;
  const name = existing ?? VOLUME_PREFIX + random.suffix();
  for (const container of bare) {
    const mount = { name, readOnly: true, mountPath: MOUNT_PATH };
    container.volumeMounts = [...(container.volumeMounts ?? []), mount];
  }
  if (existing === undefined) spec.volumes = [...(spec.volumes ?? []), tokenVolume(name)];
}

/** @throws StatusError */
function accountOf(request: AdmissionRequest, name: string, { store }: AdmissionContext): ServiceAccount {
  const account = store.get<ServiceAccount>('serviceaccounts', request.namespace, name);
  if (account) return account;
  const problems = pathSegment(name);
  const reason =
    problems.length === 0
      ? `serviceaccount "${name}" not found`
      : `invalid resource name "${name}": [${problems.join(' ')}]`;
  throw refuse(request, `error looking up service account ${request.namespace}/${name}: ${reason}`);
}

function checkMirror(request: AdmissionRequest, { spec }: Pod): void {
  if (spec?.serviceAccountName) throw refuse(request, 'a mirror pod may not reference service accounts');
  const sources = (spec?.volumes ?? []).flatMap(({ projected }) => projected?.sources ?? []);
  const containers = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
  const secrets =
    (spec?.imagePullSecrets ?? []).length > 0 ||
    (spec?.volumes ?? []).some(({ secret }) => secret) ||
    sources.some(({ secret }) => secret) ||
    containers.some(({ env = [], envFrom = [] }) => {
      return env.some(({ valueFrom }) => valueFrom?.secretKeyRef) || envFrom.some(({ secretRef }) => secretRef);
    });
  if (secrets) throw refuse(request, 'a mirror pod may not reference secrets');
  if (sources.some(({ serviceAccountToken }) => serviceAccountToken)) {
    throw refuse(request, 'a mirror pod may not use ServiceAccountToken volume projections');
  }
}

/** Every pod runs as a ServiceAccount that exists, and gets its token mounted unless it says no. */
export const serviceAccount: AdmissionPlugin = {
  name: 'ServiceAccount',
  mutate(request, context) {
    const pod = objectOf<Pod>(request, 'pods', 'CREATE');
    if (!pod?.spec) return;
    const { spec } = pod;
    if (pod.metadata.annotations?.[MIRROR] !== undefined) {
      checkMirror(request, pod);
      return;
    }
    spec.serviceAccountName ||= DEFAULT;
    // the old name of the field is always there beside the new one
    spec.serviceAccount = spec.serviceAccountName;
    const account = accountOf(request, spec.serviceAccountName, context);
    if (spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true) mountToken(spec, context);
    if (!spec.imagePullSecrets?.length && account.imagePullSecrets?.length) {
      spec.imagePullSecrets = account.imagePullSecrets.map(({ name }) => (name === undefined ? {} : { name }));
    }
  },
  validate(request, context) {
    const pod = objectOf<Pod>(request, 'pods', 'CREATE');
    if (!pod) return;
    if (pod.metadata.annotations?.[MIRROR] !== undefined) {
      checkMirror(request, pod);
      return;
    }
    const name = pod.spec?.serviceAccountName ?? '';
    if (name === '') {
      throw refuse(request, `no service account specified for pod ${request.namespace}/${pod.metadata.name}`);
    }
    const problem = mountableSecretsProblem(pod, accountOf(request, name, context));
    if (problem !== undefined) throw refuse(request, problem);
  },
};
