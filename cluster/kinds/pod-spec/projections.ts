/** Files that a volume is made of: items of ConfigMaps and Secrets, downward API files, projected sources. */
import { forbidden, invalid, required, type FieldError, type Path } from '../../api/field.ts';
import type { Volume } from '../../api/types.ts';
import { FILE_FIELDS, validateFieldSelector, validateResourceSelector } from './env.ts';
import { fileMode, unreservedPath } from './scalars.ts';

type Item = NonNullable<NonNullable<Volume['configMap']>['items']>[number];
type DownwardFile = NonNullable<NonNullable<Volume['downwardAPI']>['items']>[number];
type Projected = NonNullable<Volume['projected']>;
type Source = NonNullable<Projected['sources']>[number];

export function validateItems(items: readonly Item[] | undefined, path: Path): FieldError[] {
  return (items ?? []).flatMap((item, position) => {
    const at = path.index(position);
    return [
      ...(item.key ? [] : [required(at.child('key'))]),
      ...(item.path ? [] : [required(at.child('path'))]),
      ...unreservedPath(item.path ?? '', at.child('path')),
      ...fileMode(item.mode, at.child('mode')),
    ];
  });
}

/** The real server's paths leave the file's position out. */
export function validateDownwardFiles(files: readonly DownwardFile[] | undefined, path: Path): FieldError[] {
  return (files ?? []).flatMap((file) => {
    const errors: FieldError[] = file.path ? [] : [required(path.child('path'))];
    errors.push(...unreservedPath(file.path ?? '', path.child('path')));
    if (file.fieldRef) {
      errors.push(...validateFieldSelector(file.fieldRef, FILE_FIELDS, path.child('fieldRef')));
      if (file.resourceFieldRef)
        errors.push(invalid(path, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'));
    } else if (file.resourceFieldRef)
      errors.push(...validateResourceSelector(file.resourceFieldRef, path.child('resourceFieldRef'), true));
    else errors.push(required(path, 'one of fieldRef and resourceFieldRef is required'));
    return [...errors, ...fileMode(file.mode, path.child('mode'))];
  });
}

const MIN_TOKEN_SECONDS = 10 * 60;
const MAX_TOKEN_SECONDS = 2 ** 32;

function validateToken(token: NonNullable<Source['serviceAccountToken']>, at: Path, volume: Path): FieldError[] {
  const seconds = token.expirationSeconds ?? 0;
  const errors: FieldError[] = [];
  if (seconds < MIN_TOKEN_SECONDS)
    errors.push(invalid(at.child('expirationSeconds'), seconds, 'may not specify a duration less than 10 minutes'));
  if (seconds > MAX_TOKEN_SECONDS)
    errors.push(invalid(at.child('expirationSeconds'), seconds, 'may not specify a duration larger than 2^32 seconds'));
  errors.push(...(token.path ? unreservedPath(token.path, volume.child('path')) : [required(volume.child('path'))]));
  return errors;
}

export function validateProjected(projected: Projected, path: Path): FieldError[] {
  const taken = new Set<string>();
  const once = (file: string | undefined, shown: string): FieldError[] => {
    if (!file) return [];
    if (taken.has(file)) return [invalid(path, shown, 'conflicting duplicate paths')];
    taken.add(file);
    return [];
  };
  return (projected.sources ?? []).flatMap((source, position) => {
    const at = path.child('sources').index(position);
    const errors: FieldError[] = [];
    for (const kind of ['secret', 'configMap'] as const) {
      const named = source[kind];
      if (!named) continue;
      if (!named.name) errors.push(required(at.child(kind, 'name')));
      for (const [which, item] of (named.items ?? []).entries()) {
        const own = validateItems([item], at.child(kind, 'items'));
        const here = String(at.child(kind, 'items').index(which));
        errors.push(
          ...own.map((error) => ({
            ...error,
            field: error.field.replace(`${String(at.child(kind, 'items'))}[0]`, here),
          })),
          ...once(item.path, named.name ?? ''),
        );
      }
    }
    if (source.downwardAPI)
      for (const file of source.downwardAPI.items ?? [])
        errors.push(...validateDownwardFiles([file], at.child('downwardAPI')), ...once(file.path, file.path));
    if (source.serviceAccountToken)
      errors.push(...validateToken(source.serviceAccountToken, at.child('serviceAccountToken'), path));
    if (Object.keys(source).length > 1)
      errors.push(forbidden(at, 'may not specify more than 1 volume type per source'));
    return errors;
  });
}
