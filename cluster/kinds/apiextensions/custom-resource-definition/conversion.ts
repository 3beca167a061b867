/** How objects are turned from one version into another: not at all, or by somebody's webhook. */
import { forbidden, invalid, notSupported, required, type FieldError, type Path } from '../../../api/field.ts';
import { dns1035Label } from '../../../api/names.ts';
import type { CustomResourceDefinition } from '../../../schema/structural/custom-resource-definition.ts';
import { goValue } from '../../../schema/structural/go-value.ts';
import type { InternalSpec } from './internal-spec.ts';

const ACCEPTED = ['v1', 'v1beta1'];

type ClientConfig = NonNullable<NonNullable<NonNullable<InternalSpec['conversion']>['webhook']>['clientConfig']>;

function urlProblems(url: string, at: Path): FieldError[] {
  const form = 'desired format: https://host[/path]';
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return [required(at, `url must be a valid URL: parse ${JSON.stringify(url)}: invalid URI for request; ${form}`)];
  }
  const errors: FieldError[] = [];
  if (parsed.protocol !== 'https:')
    errors.push(invalid(at, parsed.protocol.slice(0, -1), `'https' is the only allowed URL scheme; ${form}`));
  if (parsed.host === '') errors.push(invalid(at, parsed.host, `host must be specified; ${form}`));
  if (parsed.username !== '')
    errors.push(invalid(at, parsed.username, `user information is not permitted in the URL; ${form}`));
  if (parsed.hash !== '')
    errors.push(invalid(at, parsed.hash.slice(1), `fragments are not permitted in the URL; ${form}`));
  if (parsed.search !== '')
    errors.push(invalid(at, parsed.search.slice(1), `query parameters are not permitted in the URL; ${form}`));
  return errors;
}

function serviceProblems(
  { name, namespace, path, port = 443 }: NonNullable<ClientConfig['service']>,
  at: Path,
): FieldError[] {
  const errors: FieldError[] = [];
  if (!name) errors.push(required(at.child('name'), 'service name is required'));
  if (!namespace) errors.push(required(at.child('namespace'), 'service namespace is required'));
  if (port < 1 || port > 65535)
    errors.push(invalid(at.child('port'), port, 'port is not valid: must be between 1 and 65535, inclusive'));
  if (path !== undefined && path !== '/') {
    if (!path.startsWith('/')) errors.push(invalid(at.child('path'), path, "must start with a '/'"));
  }
  return errors;
}

const accepts = (versions: readonly string[]): boolean => versions.some((version) => ACCEPTED.includes(version));

function reviewVersions(versions: readonly string[], at: Path, recognised: boolean): FieldError[] {
  if (versions.length === 0) return [required(at)];
  const errors: FieldError[] = [];
  for (const [i, version] of versions.entries()) {
    if (versions.indexOf(version) < i) errors.push(invalid(at.index(i), version, 'duplicate version'));
    else errors.push(...dns1035Label(version).map((problem) => invalid(at.index(i), version, problem)));
  }
  if (recognised && !accepts(versions))
    errors.push(invalid(at, goValue(versions), `must include at least one of ${ACCEPTED.join(', ')}`));
  return errors;
}

export function validateConversion(
  { conversion, preserveUnknownFields }: InternalSpec,
  at: Path,
  old: CustomResourceDefinition | undefined,
): FieldError[] {
  if (!conversion) return [];
  const errors: FieldError[] = [];
  const { strategy, webhook } = conversion;
  if (strategy !== 'None' && preserveUnknownFields === true)
    errors.push(invalid(at.child('strategy'), strategy, 'must be None if spec.preserveUnknownFields is true'));
  if (strategy === '') errors.push(required(at.child('strategy')));
  else if (strategy !== 'None' && strategy !== 'Webhook')
    errors.push(notSupported(at.child('strategy'), strategy, ['None', 'Webhook']));
  const config = webhook?.clientConfig;
  const versions = webhook?.conversionReviewVersions ?? [];
  const here = at.child('webhookClientConfig');
  if (strategy !== 'Webhook') {
    const why = 'should not be set when strategy is not set to Webhook';
    if (config) errors.push(forbidden(here, why));
    if (versions.length > 0) errors.push(forbidden(at.child('conversionReviewVersions'), why));
    return errors;
  }
  if (!config) errors.push(required(here, 'required when strategy is set to Webhook'));
  else if ((config.url === undefined) === (config.service === undefined))
    errors.push(required(here, 'exactly one of url or service is required'));
  else if (config.url !== undefined) errors.push(...urlProblems(config.url, here.child('url')));
  else if (config.service) errors.push(...serviceProblems(config.service, here.child('service')));
  const before = old?.spec.conversion?.webhook?.conversionReviewVersions ?? [];
  const recognised = !old?.spec.conversion || before.length === 0 || accepts(before);
  return [...errors, ...reviewVersions(versions, at.child('conversionReviewVersions'), recognised)];
}
