import { forbidden, notSupported, required, type FieldError, type Path } from '../../../api/field.ts';

const SHORT = { ReadWriteOnce: 'RWO', ReadOnlyMany: 'ROX', ReadWriteMany: 'RWX', ReadWriteOncePod: 'RWOP' };
const SUPPORTED = Object.keys(SHORT).sort();

/** `RWO,RWX`: always in this order, each once. */
export const accessModesText = (modes: readonly string[] | undefined): string =>
  Object.entries(SHORT)
    .filter(([mode]) => modes?.includes(mode))
    .map(([, short]) => short)
    .join(',');

export function missingAccessModes(modes: readonly string[] | undefined, at: Path, detail = ''): FieldError[] {
  return modes?.length ? [] : [required(at, detail)];
}

export function accessModeErrors(modes: readonly string[] = [], at: Path): FieldError[] {
  const errors = modes.filter((mode) => !SUPPORTED.includes(mode)).map((mode) => notSupported(at, mode, SUPPORTED));
  const others = modes.some((mode) => mode !== 'ReadWriteOncePod' && SUPPORTED.includes(mode));
  if (others && modes.includes('ReadWriteOncePod')) {
    errors.push(forbidden(at, 'may not use ReadWriteOncePod with other access modes'));
  }
  return errors;
}

export const VOLUME_MODES = ['Block', 'Filesystem'];
/** Older than spec.storageClassName, and still the stronger of the two. */
export const CLASS_ANNOTATION = 'volume.beta.kubernetes.io/storage-class';

export const storageClassOf = (object: {
  metadata: { annotations?: Record<string, string> };
  spec?: { storageClassName?: string };
}): string => object.metadata.annotations?.[CLASS_ANNOTATION] ?? object.spec?.storageClassName ?? '';
