/** Events: what happened to an object, kept for an hour. */
import { dns1123Subdomain, qualifiedName } from '../../../api/names.ts';
import { invalid, path, required, type FieldError } from '../../../api/field.ts';
import type { Event } from '../../../api/types.ts';
import type { Kind } from '../../kind.ts';
import { ago } from '../../pod-spec/columns.ts';
import { each } from '../../pod-spec/scalars.ts';

/** Characters, as in events.k8s.io. */
const LONGEST = 128;
const LONGEST_MESSAGE = 1024;
const NAMESPACE = path('namespace');

function validateText(text: string | undefined, name: string, max: number, isRequired: boolean): FieldError[] {
  const errors: FieldError[] = !text && isRequired ? [required(path(name))] : [];
  if ((text ?? '').length > max) errors.push(invalid(path(name), '', `can have at most ${max} characters`));
  return errors;
}

/** Events that say when they happened in `eventTime` come from newer recorders and must say who reports them. */
function validate(event: Event): FieldError[] {
  const namespace = event.metadata.namespace ?? '';
  const about = event.involvedObject?.namespace ?? '';
  const elsewhere = () => invalid(path('involvedObject', 'namespace'), about, 'does not match event.namespace');
  const errors: FieldError[] = [];
  if (event.eventTime) {
    if (about === '' && namespace !== 'default' && namespace !== 'kube-system') errors.push(elsewhere());
    const at = path('reportingComponent');
    if (!event.reportingComponent) errors.push(required(at));
    errors.push(
      ...each(at, event.reportingComponent ?? '', qualifiedName),
      ...validateText(event.reportingInstance, 'reportingInstance', LONGEST, true),
      ...validateText(event.action, 'action', LONGEST, true),
      ...validateText(event.reason, 'reason', LONGEST, true),
      ...validateText(event.message, 'message', LONGEST_MESSAGE, false),
    );
  } else if (about === '' ? namespace !== '' && namespace !== 'default' : namespace !== about) errors.push(elsewhere());
  return [...errors, ...each(NAMESPACE, namespace, dns1123Subdomain)];
}

const source = ({ source: from, reportingComponent, reportingInstance }: Event): string =>
  [from?.component || reportingComponent, from?.host || reportingInstance].filter(Boolean).join(', ');

export const event: Kind<Event> = {
  resource: 'events',
  hasGeneration: false,
  createOnUpdate: true,

  validate,
  validateUpdate: validate,

  fields: ({ involvedObject: about, ...one }) => ({
    'involvedObject.kind': about?.kind ?? '',
    'involvedObject.namespace': about?.namespace ?? '',
    'involvedObject.name': about?.name ?? '',
    'involvedObject.uid': about?.uid ?? '',
    'involvedObject.apiVersion': about?.apiVersion ?? '',
    'involvedObject.resourceVersion': about?.resourceVersion ?? '',
    'involvedObject.fieldPath': about?.fieldPath ?? '',
    reason: one.reason ?? '',
    reportingComponent: one.reportingComponent ?? '',
    source: one.source?.component || (one.reportingComponent ?? ''),
    type: one.type ?? '',
  }),
  cells(object, { clock }) {
    const now = clock.now();
    const { involvedObject: about, series } = object;
    const first = ago(object.firstTimestamp || object.eventTime || undefined, now);
    const last = object.lastTimestamp ? ago(object.lastTimestamp, now) : first;
    const kind = (about?.kind ?? '').toLowerCase();
    return [
      series ? ago(series.lastObservedTime, now) : last,
      object.type ?? '',
      object.reason ?? '',
      about?.name ? `${kind}/${about.name}` : kind,
      about?.fieldPath ?? '',
      source(object),
      (object.message ?? '').trim(),
      first,
      series?.count ?? (object.count || 1),
      object.metadata.name,
    ];
  },
};
