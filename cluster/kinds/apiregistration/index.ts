import { invalid, notSupported, path, required, type FieldError } from '../../api/field.ts';
import { dns1035Label, dns1123Subdomain, pathSegment, portNumber } from '../../api/names.ts';
import { timeText } from '../../api/time.ts';
import type { KubeObject } from '../../api/types.ts';
import type { Kind } from '../kind.ts';

export type ApiService = KubeObject & {
  spec?: {
    group?: string;
    version?: string;
    groupPriorityMinimum?: number;
    versionPriority?: number;
    insecureSkipTLSVerify?: boolean;
    /** Base64. */
    caBundle?: string;
    service?: { namespace?: string; name?: string; port?: number };
  };
  status?: {
    conditions?: { type: string; status: string; reason?: string; message?: string; lastTransitionTime?: string }[];
  };
};

const at = path('spec');
const MAX_GROUP_PRIORITY = 20_000;
const MAX_VERSION_PRIORITY = 1000;
const STATES = ['True', 'False', 'Unknown'];

/** It is named after what it serves. */
function nameErrors({ metadata: { name, generateName = '' }, spec }: ApiService): FieldError[] {
  const wanted = `${spec?.version ?? ''}.${spec?.group ?? ''}`;
  const meta = path('metadata');
  const check = (field: string, text: string) => {
    if (text === '' || pathSegment(text).length > 0 || text === wanted) return [];
    return [invalid(meta.child(field), text, `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(wanted)}`)];
  };
  return [...check('generateName', generateName), ...check('name', name)];
}

function serviceErrors({
  service,
  insecureSkipTLSVerify,
  caBundle = '',
}: NonNullable<ApiService['spec']>): FieldError[] {
  const errors: FieldError[] = [];
  const insecure = at.child('insecureSkipTLSVerify');
  if (!service) {
    const bytes = Buffer.from(caBundle, 'base64').length;
    if (bytes > 0) {
      errors.push(invalid(at.child('caBundle'), `${bytes} bytes`, 'local APIServices may not have a caBundle'));
    }
    if (insecureSkipTLSVerify) {
      errors.push(invalid(insecure, true, 'local APIServices may not have insecureSkipTLSVerify'));
    }
    return errors;
  }
  const here = at.child('service');
  if (!service.namespace) errors.push(required(here.child('namespace')));
  if (!service.name) errors.push(required(here.child('name')));
  const port = service.port ?? 0;
  const problems = portNumber(port);
  if (problems.length > 0) errors.push(invalid(here.child('port'), port, `port is not valid: ${problems.join(', ')}`));
  if (insecureSkipTLSVerify && caBundle !== '') {
    errors.push(invalid(insecure, true, 'may not be true if caBundle is present'));
  }
  return errors;
}

function validate(object: ApiService): FieldError[] {
  const { group = '', version = '', groupPriorityMinimum = 0, versionPriority = 0 } = object.spec ?? {};
  const errors = nameErrors(object);
  const ofGroup = at.child('group');
  if (group === '' && version !== 'v1') {
    errors.push(required(ofGroup, 'only v1 may have an empty group and it better be legacy kube'));
  }
  if (group !== '') errors.push(...dns1123Subdomain(group).map((detail) => invalid(ofGroup, group, detail)));
  errors.push(...dns1035Label(version).map((detail) => invalid(at.child('version'), version, detail)));
  if (groupPriorityMinimum <= 0 || groupPriorityMinimum > MAX_GROUP_PRIORITY) {
    const detail = `must be positive and less than ${MAX_GROUP_PRIORITY}`;
    errors.push(invalid(at.child('groupPriorityMinimum'), groupPriorityMinimum, detail));
  }
  if (versionPriority <= 0 || versionPriority > MAX_VERSION_PRIORITY) {
    const detail = `must be positive and less than ${MAX_VERSION_PRIORITY}`;
    errors.push(invalid(at.child('versionPriority'), versionPriority, detail));
  }
  return [...errors, ...serviceErrors(object.spec ?? {})];
}

export const apiService: Kind<ApiService> = {
  resource: 'apiservices.apiregistration.k8s.io',
  nameFormat: 'pathSegment',
  defaults({ spec }) {
    if (spec?.service) spec.service.port ??= 443;
  },
  prepareForCreate(object, { clock }) {
    object.status = {};
    if (object.spec?.service) return;
    object.status.conditions = [
      {
        type: 'Available',
        status: 'True',
        lastTransitionTime: timeText(clock.now()),
        reason: 'Local',
        message: 'Local APIServices are always available',
      },
    ];
  },
  validate,
  validateUpdate: validate,
  validateStatusUpdate: ({ status }) =>
    (status?.conditions ?? []).flatMap((condition, position) =>
      STATES.includes(condition.status)
        ? []
        : [notSupported(path('status', 'conditions').index(position).child('status'), condition.status, STATES)],
    ),
  cells({ metadata, spec, status }) {
    const available = status?.conditions?.find(({ type }) => type === 'Available');
    let text = 'Unknown';
    if (available?.status === 'True') text = 'True';
    else if (available) text = `${available.status} (${available.reason ?? ''})`;
    const { namespace = '', name = '' } = spec?.service ?? {};
    return [metadata.name, spec?.service ? `${namespace}/${name}` : 'Local', text, metadata.creationTimestamp ?? null];
  },
};
