/** A container's box for the tests of one program: files that are handed in, ports that answer on its own address. */
import { treeOf, Tree, type Node } from '../files/file-tree.ts';
import { FileView } from '../files/file-view.ts';
import type { Box, Server } from '../shell/box.ts';

const NOW = Date.UTC(2026, 4, 1, 10);
const ADDRESS = '10.244.0.2';

/** `files` by path, without a slash at the start. Root's, at 2026-05-01 10:00 UTC; no name server answers. */
export function boxWith(files: Readonly<Record<string, Node>> = {}, hostname = 'box'): Box {
  const who = { uid: 0, gid: 0, groups: [], privileged: true };
  const mount = { path: '', tree: new Tree(treeOf(files)), within: [], readOnly: false, type: 'overlay' };
  const ports = new Map<number, Server>();
  return {
    files: new FileView([mount], who, () => NOW),
    who,
    flavour: 'gnu',
    image: 'docker.io/library/box:1',
    hostname,
    now: () => NOW,
    random: () => 0,
    network: {
      ask: () => ({ code: 'UNREACHED', records: [] }),
      dial: (address, port) => {
        if (address !== ADDRESS && address !== '127.0.0.1') return { kind: 'unreachable' };
        const server = ports.get(port);
        return server === undefined ? { kind: 'refused' } : { kind: 'open', peer: server(address) };
      },
      ping: () => 'unreachable',
      address: ADDRESS,
      objects: { get: () => undefined, list: () => [] },
    },
    programs: new Map(),
    processes: () => [],
    kill: () => false,
    listen: (port, server) => void ports.set(port, server),
    terminal: { columns: 80, rows: 24 },
  };
}
