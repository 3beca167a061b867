/** Claims of a class that makes volumes: this cluster makes none itself and leaves it to whoever the class names. */
import { notFoundError } from '../../api/status.ts';
import type { PersistentVolumeClaim, StorageClass } from '../../api/types.ts';
import type { ControllerContext } from '../controller.ts';
import { classOfClaim, PROVISIONER_ANNOTATIONS } from '../../storage/matching.ts';
import { tell } from './writing.ts';

/** Built-in provisioners have such names, and there are none left. */
const BUILT_IN = 'kubernetes.io/';
/** In-tree names whose volumes a CSI driver makes now. */
const MIGRATED: Record<string, string> = {
  'kubernetes.io/aws-ebs': 'ebs.csi.aws.com',
  'kubernetes.io/gce-pd': 'pd.csi.storage.gke.io',
  'kubernetes.io/azure-disk': 'disk.csi.azure.com',
  'kubernetes.io/azure-file': 'file.csi.azure.com',
  'kubernetes.io/cinder': 'cinder.csi.openstack.org',
  'kubernetes.io/vsphere-volume': 'csi.vsphere.vmware.com',
  'kubernetes.io/portworx-volume': 'pxd.portworx.com',
};

export function provision(claim: PersistentVolumeClaim, context: ControllerContext): void {
  const { client } = context;
  const name = classOfClaim(claim);
  const storageClass = client.get<StorageClass>('storageclasses.storage.k8s.io', '', name);
  const failed = (message: string) => tell(context, claim, 'Warning', 'ProvisioningFailed', message);
  if (!storageClass) {
    failed(notFoundError({ group: 'storage.k8s.io', resource: 'storageclass' }, name).message);
    return;
  }
  const provisioner = MIGRATED[storageClass.provisioner] ?? storageClass.provisioner;
  if (provisioner.startsWith(BUILT_IN)) {
    failed(`no volume plugin matched name: ${provisioner}`);
    return;
  }
  const annotations = { ...claim.metadata.annotations };
  for (const annotation of PROVISIONER_ANNOTATIONS) annotations[annotation] = provisioner;
  const marked = PROVISIONER_ANNOTATIONS.every((annotation) => claim.metadata.annotations?.[annotation] === provisioner)
    ? claim
    : client.update<PersistentVolumeClaim>('persistentvolumeclaims', {
        ...claim,
        metadata: { ...claim.metadata, annotations },
      });
  tell(
    context,
    marked,
    'Normal',
    'ExternalProvisioning',
    `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`,
  );
}
