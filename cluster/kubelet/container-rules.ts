/** Whether a container that ended is started again: its own policy and rules, or the pod's. */
import type { Container, Pod } from '../api/types.ts';
import { isSidecar, type ContainerRole } from './work.ts';

/** The first rule that knows the exit code decides, then the container's policy, then the pod's. */
export function restartsAfter(pod: Pod, container: Container, code: number): boolean {
  for (const { action, exitCodes } of container.restartPolicyRules ?? []) {
    const listed = exitCodes?.values?.includes(code) === true;
    if (exitCodes !== undefined && listed === (exitCodes.operator === 'In')) return action.startsWith('Restart');
  }
  const policy = container.restartPolicy ?? pod.spec?.restartPolicy ?? 'Always';
  if (policy === 'Never') return false;
  return policy === 'Always' || code !== 0;
}

/** Init containers end well once; the pod's `Always` means for them: until they do. */
export function restartsIn(role: ContainerRole, pod: Pod, container: Container, code: number): boolean {
  if (role === 'ephemeralContainers') return false;
  if (role === 'initContainers' && !isSidecar(container) && code === 0) return false;
  return restartsAfter(pod, container, code);
}
