export { csiDriver, csiNode, volumeAttachment, volumeAttributesClass } from './csi.ts';
export { storageClass } from './storage-class.ts';
