/** Volumes of a pod: each has a name of its own and one source. */
import { dns1123Subdomain, validateAnnotations, validateLabels } from '../../api/names.ts';
import {
  duplicate,
  forbidden,
  invalid,
  notSupported,
  required,
  tooLong,
  type FieldError,
  type Path,
} from '../../api/field.ts';
import { parseQuantity } from '../../api/quantity.ts';
import type { Volume } from '../../api/types.ts';
import { validateClaimSpec } from '../core/persistent-volume-claim/validation.ts';
import type { Volumes } from './mounts.ts';
import { validatePullPolicy } from './pull-policy.ts';
import { validateDownwardFiles, validateItems, validateProjected } from './projections.ts';
import { each, fileMode, firstOf, label, noBacksteps, relativePath, type Alternative } from './scalars.ts';
import {
  needs,
  partition,
  validateAzureDisk,
  validateCinder,
  validateFc,
  validateFlexVolume,
  validateFlocker,
  validateIscsi,
  validateIscsiLength,
  validateQuobyte,
  validateStorageOs,
  validateTemplateMetadata,
} from './volume-sources.ts';

const HOST_PATH_TYPES = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];

function validateHostPath(source: NonNullable<Volume['hostPath']>, path: Path): FieldError[] {
  if (!source.path) return [required(path.child('path'))];
  return [
    ...noBacksteps(source.path, path.child('path')),
    ...(source.type !== undefined && !HOST_PATH_TYPES.includes(source.type)
      ? [notSupported(path.child('type'), source.type, HOST_PATH_TYPES)]
      : []),
  ];
}

const LONGEST_DRIVER = 63;

function validateCsi(source: NonNullable<Volume['csi']>, path: Path): FieldError[] {
  const errors: FieldError[] = [];
  const driver = path.child('driver');
  if (!source.driver) errors.push(required(driver));
  else if (source.driver.length > LONGEST_DRIVER) errors.push(tooLong(driver, LONGEST_DRIVER));
  if (source.driver)
    errors.push(...dns1123Subdomain(source.driver.toLowerCase()).map((text) => invalid(driver, source.driver, text)));
  const secret = source.nodePublishSecretRef;
  if (secret && !secret.name) errors.push(required(path.child('nodePublishSecretRef', 'name')));
  else if (secret?.name) errors.push(...each(path.child('name'), secret.name, dns1123Subdomain));
  return errors;
}

/** The claim that is made for this pod alone. */
function validateEphemeral(
  source: NonNullable<Volume['ephemeral']>,
  volume: string,
  pod: string,
  path: Path,
  at: Path,
): FieldError[] {
  const template = path.child('volumeClaimTemplate');
  const errors: FieldError[] = [];
  if (!source.volumeClaimTemplate) errors.push(required(template));
  else {
    const { metadata = {}, spec } = source.volumeClaimTemplate;
    const meta = template.child('metadata');
    errors.push(
      ...validateAnnotations(metadata.annotations, meta.child('annotations')),
      ...validateLabels(metadata.labels, meta.child('labels')),
      ...validateTemplateMetadata(metadata, meta),
      ...validateClaimSpec(spec, template.child('spec')),
    );
  }
  const claim = `${pod}-${volume}`;
  if (pod !== '' && volume !== '')
    for (const sentence of dns1123Subdomain(claim))
      errors.push(invalid(at.child('name'), volume, `PVC name ${JSON.stringify(claim)}: ${sentence}`));
  return errors;
}

type Check<Name extends keyof Volume> = (source: NonNullable<Volume[Name]>, path: Path) => FieldError[];
type Always<Name extends keyof Volume> = (source: NonNullable<Volume[Name]>) => FieldError[];

const someOf = (list: readonly unknown[] | undefined, path: Path): FieldError[] =>
  (list ?? []).length === 0 ? [required(path)] : [];

const withFiles = (source: { defaultMode?: number; items?: Parameters<typeof validateItems>[0] }, path: Path) => [
  ...fileMode(source.defaultMode, path.child('defaultMode')),
  ...validateItems(source.items, path.child('items')),
];

/** In the order in which the server looks at them. */
function sourceChecks(volume: Volume, podName: string, at: Path) {
  const checks: Alternative[] = [];
  const add = <Name extends keyof Volume>(
    name: Name,
    check: Check<Name>,
    field: string = name,
    always?: Always<Name>,
  ) => {
    const source = volume[name];
    if (source === undefined || source === null) return;
    checks.push({
      field: at.child(field),
      present: true,
      check: () => check(source, at.child(name)),
      always: () => always?.(source) ?? [],
    });
  };
  add('emptyDir', ({ sizeLimit }, path) =>
    sizeLimit !== undefined && (parseQuantity(sizeLimit)?.sign() ?? 0) < 0
      ? [forbidden(path.child('sizeLimit'), 'SizeLimit field must be a valid resource quantity')]
      : [],
  );
  add('hostPath', validateHostPath);
  add('gitRepo', (source, path) => [
    ...needs(path, source, 'repository'),
    ...relativePath(source.directory ?? '', path.child('directory')),
  ]);
  add('gcePersistentDisk', (source) => {
    const path = at.child('persistentDisk');
    return [...needs(path, source, 'pdName'), ...partition(source.partition, path)];
  });
  add('awsElasticBlockStore', (source, path) => [
    ...needs(path, source, 'volumeID'),
    ...partition(source.partition, path),
  ]);
  add('secret', (source, path) => [...needs(path, source, 'secretName'), ...withFiles(source, path)]);
  add('nfs', (source, path) => [
    ...needs(path, source, 'server', 'path'),
    ...(source.path?.startsWith('/')
      ? []
      : [invalid(path.child('path'), source.path ?? '', 'must be an absolute path')]),
  ]);
  add('iscsi', validateIscsi, 'iscsi', (source) => validateIscsiLength(source, volume.name, at));
  add('glusterfs', (source, path) => needs(path, source, 'endpoints', 'path'));
  add('flocker', validateFlocker);
  add('persistentVolumeClaim', (source, path) => needs(path, source, 'claimName'));
  add('rbd', (source, path) => [...someOf(source.monitors, path.child('monitors')), ...needs(path, source, 'image')]);
  add('cinder', validateCinder);
  add('cephfs', (source, path) => someOf(source.monitors, path.child('monitors')), 'cephFS');
  add('quobyte', validateQuobyte);
  // the field's name is misspelt in the real server's refusal
  add(
    'downwardAPI',
    (source, path) => [
      ...fileMode(source.defaultMode, path.child('defaultMode')),
      ...validateDownwardFiles(source.items, path),
    ],
    'downwarAPI',
  );
  add('fc', validateFc);
  add('flexVolume', validateFlexVolume);
  add('configMap', (source, path) => [...needs(path, source, 'name'), ...withFiles(source, path)]);
  add('azureFile', (source, path) => needs(path, source, 'secretName', 'shareName'));
  add('vsphereVolume', (source, path) => needs(path, source, 'volumePath'));
  add('photonPersistentDisk', (source, path) => needs(path, source, 'pdID'));
  add('portworxVolume', (source, path) => needs(path, source, 'volumeID'));
  add('azureDisk', validateAzureDisk);
  add('storageos', validateStorageOs);
  add('projected', (source, path) => [
    ...fileMode(source.defaultMode, path.child('defaultMode')),
    ...validateProjected(source, path),
  ]);
  add('scaleIO', (source, path) => needs(path, source, 'gateway', 'system', 'volumeName'));
  add('csi', validateCsi);
  add('ephemeral', (source, path) => validateEphemeral(source, volume.name, podName, path, at));
  add('image', (source, path) => [
    ...(podName !== '' && !source.reference ? [required(path.child('reference'))] : []),
    ...validatePullPolicy(source.pullPolicy, path.child('pullPolicy')),
  ]);
  return checks;
}

/** `podName` is '' for a template. Volumes with problems are left out of the map, so that their mounts find nothing. */
export function validateVolumes(
  volumes: readonly Volume[],
  podName: string,
  path: Path,
): { valid: Volumes; errors: FieldError[] } {
  const valid = new Map<string, Volume>();
  const errors: FieldError[] = [];
  const claimsToCome = new Set(
    volumes.filter((volume) => podName !== '' && volume.ephemeral).map(({ name }) => `${podName}-${name}`),
  );
  for (const [position, volume] of volumes.entries()) {
    const at = path.index(position);
    const { errors: own, found } = firstOf(
      sourceChecks(volume, podName, at),
      'may not specify more than 1 volume type',
    );
    if (!found) own.push(required(at, 'must specify a volume type'));
    own.push(...(volume.name ? label(volume.name, at.child('name')) : [required(at.child('name'))]));
    if (valid.has(volume.name)) own.push(duplicate(at.child('name'), volume.name));
    if (own.length === 0) valid.set(volume.name, volume);
    errors.push(...own);
    const claim = volume.persistentVolumeClaim?.claimName;
    if (claim !== undefined && claimsToCome.has(claim))
      errors.push(
        invalid(
          at.child('persistentVolumeClaim', 'claimName'),
          claim,
          'must not reference a PVC that gets created for an ephemeral volume',
        ),
      );
  }
  return { valid, errors };
}
