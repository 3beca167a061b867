/** Names of users and groups, from the container's own /etc. */
import type { Box } from '../shell/box.ts';

function column(box: Box, file: string, wanted: string, by: 0 | 2, give: number): string | undefined {
  const node = box.files.find(file);
  if (node?.kind !== 'file') return undefined;
  for (const line of node.data.split('\n')) {
    const fields = line.split(':');
    if (fields[by] === wanted) return fields[give];
  }
  return undefined;
}

export const userName = (box: Box, uid: number): string => column(box, '/etc/passwd', String(uid), 2, 0) ?? String(uid);
export const groupName = (box: Box, gid: number): string => column(box, '/etc/group', String(gid), 2, 0) ?? String(gid);
export function userId(box: Box, name: string): number | undefined {
  if (/^\d+$/.test(name)) return Number(name);
  const found = column(box, '/etc/passwd', name, 0, 2);
  return found === undefined ? undefined : Number(found);
}
export const homeOf = (box: Box): string => column(box, '/etc/passwd', String(box.who.uid), 2, 5) ?? '/';
/** The group of the user's own, where the container knows that user. */
export function ownGroup(box: Box, uid: number): number | undefined {
  const found = column(box, '/etc/passwd', String(uid), 2, 3);
  return found === undefined ? undefined : Number(found);
}
