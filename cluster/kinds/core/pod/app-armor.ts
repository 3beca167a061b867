/** AppArmor profiles were annotations before they were fields: a new pod's annotations are taken over into its fields. */
import { equal } from '../../../api/merge.ts';
import { path } from '../../../api/field.ts';
import type { Pod } from '../../../api/types.ts';
import { APPARMOR, appArmorOf } from '../../pod-spec/annotations.ts';
import { containersWithPath } from '../../pod-spec/walk.ts';

/** Once the fields are there, nothing tells any more that a pod only had annotations. */
const sentences = new WeakMap<Pod, string[]>();

/** Mutates. */
export function takeOverAppArmor(pod: Pod): void {
  const { annotations = {} } = pod.metadata;
  if (!pod.spec || pod.spec.os?.name === 'windows') return;
  const ofPod = pod.spec.securityContext?.appArmorProfile;
  const warnings: string[] = [];
  for (const [container] of containersWithPath(pod.spec, path('spec'))) {
    const key = APPARMOR + container.name;
    const annotation = annotations[key];
    if (annotation === undefined || container.securityContext?.appArmorProfile) continue;
    const profile = appArmorOf(annotation);
    if (profile && equal(profile, ofPod)) continue;
    if (profile) container.securityContext = { ...container.securityContext, appArmorProfile: profile };
    const at = path('metadata', 'annotations').key(key);
    warnings.push(`${String(at)}: deprecated since v1.30; use the "appArmorProfile" field instead`);
  }
  sentences.set(pod, warnings);
}

/** Of a pod that has just been made. */
export const appArmorWarnings = (pod: Pod): readonly string[] => sentences.get(pod) ?? [];
