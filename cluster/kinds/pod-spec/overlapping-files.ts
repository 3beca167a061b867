/** Files of one volume that would lie on or under each other. */
import type { Volume } from '../../api/types.ts';

interface File {
  path: string;
  /** '' where the volume has one source only. */
  source: string;
}

const printed = ({ path, source }: File) =>
  source === '' ? JSON.stringify(path) : `${JSON.stringify(path)} (${source})`;
const within = (inner: string, outer: string) => `${inner}/`.startsWith(`${outer}/`);

function overlaps(files: readonly File[]): string[] {
  const trimmed = files.map(({ path, source }) => ({ path: path.replace(/\/+$/, ''), source }));
  return trimmed.flatMap((file, position) =>
    trimmed
      .slice(0, position)
      .filter(({ path }) => path !== '' && file.path !== '' && (within(path, file.path) || within(file.path, path)))
      .map((other) => `${printed(file)} with ${printed(other)}`),
  );
}

const filesOf = (items: readonly { path: string }[] | undefined, source: string): File[] =>
  (items ?? []).map(({ path }) => ({ path, source }));

function projectedFiles(source: NonNullable<NonNullable<Volume['projected']>['sources']>[number]): File[] {
  const { configMap, secret, downwardAPI, serviceAccountToken } = source;
  if (configMap?.items) return filesOf(configMap.items, `ConfigMap ${JSON.stringify(configMap.name ?? '')}`);
  if (secret?.items) return filesOf(secret.items, `Secret ${JSON.stringify(secret.name ?? '')}`);
  if (downwardAPI?.items) return filesOf(downwardAPI.items, 'DownwardAPI');
  if (serviceAccountToken) return [{ path: serviceAccountToken.path, source: 'ServiceAccountToken' }];
  return [];
}

export function overlappingFiles(volumes: readonly Volume[]): string[] {
  return volumes.flatMap(({ name, configMap, secret, downwardAPI, projected }) => {
    const volume = JSON.stringify(name);
    const warn = (what: string, files: readonly File[]) =>
      overlaps(files).map((overlap) => `volume ${volume} (${what}): overlapping paths: ${overlap}`);
    const sources = projected?.sources ?? [];
    return [
      ...warn(`ConfigMap ${JSON.stringify(configMap?.name ?? '')}`, filesOf(configMap?.items, '')),
      ...warn(`Secret ${JSON.stringify(secret?.secretName ?? '')}`, filesOf(secret?.items, '')),
      ...warn('DownwardAPI', filesOf(downwardAPI?.items, '')),
      ...sources
        .filter((source) => Object.keys(source).length === 0)
        .map(() => `volume ${volume} (Projected) has no sources provided`),
      ...warn('Projected', sources.flatMap(projectedFiles)),
    ];
  });
}
