/** Commands of a client: create, get, set, ls, stat, delete. */
import { children, stat, type Data } from './tree.ts';

/** What commands read and change, at this member and through it at the others. */
export interface Kept {
  readonly data: Data;
  readonly hasQuorum: boolean;
  /** Takes what another member knows and this one does not. */
  catchUp(): void;
  /** One transaction. */
  change(nodes: Data['nodes']): void;
  /** Milliseconds since 1970. */
  now(): number;
}

const HELP = [
  'ZooKeeper -server host:port cmd args',
  '\tstat path [watch]',
  '\tset path data [version]',
  '\tls path [watch]',
  '\tdelquota [-n|-b] path',
  '\tls2 path [watch]',
  '\tsetAcl path acl',
  '\tsetquota -n|-b val path',
  '\thistory ',
  '\tredo cmdno',
  '\tprintwatches on|off',
  '\tdelete path [version]',
  '\tsync path',
  '\tlistquota path',
  '\trmr path',
  '\tget path [watch]',
  '\tcreate [-s] [-e] path data acl',
  '\taddauth scheme auth',
  '\tquit ',
  '\tgetAcl path',
  '\tclose ',
  '\tconnect host:port',
];

/** One line of zkCli.sh, by words. `!lost`: no quorum. */
export function run(kept: Kept, [name = '', path = '', ...rest]: readonly string[]): string[] {
  if (!kept.hasQuorum) return ['!lost'];
  kept.catchUp();
  const { nodes, transaction } = kept.data;
  const node = nodes[path];
  const missing = [`Node does not exist: ${path}`];
  const at = kept.now();
  if (name !== '' && !path.startsWith('/'))
    return [`Command failed: java.lang.IllegalArgumentException: Path must start with / character`];
  switch (name) {
    case 'create': {
      const above = path.slice(0, path.lastIndexOf('/')) || '/';
      if (node !== undefined) return [`Node already exists: ${path}`];
      if (nodes[above] === undefined) return missing;
      kept.change({
        ...nodes,
        [path]: { text: rest.join(' '), created: transaction + 1, changed: transaction + 1, version: 0, at },
      });
      return [`Created ${path}`];
    }
    case 'get':
      return node === undefined ? missing : [node.text, ...stat(node, path, nodes)];
    case 'stat':
      return node === undefined ? missing : stat(node, path, nodes);
    case 'set':
      if (node === undefined) return missing;
      kept.change({
        ...nodes,
        [path]: { ...node, text: rest.join(' '), changed: transaction + 1, version: node.version + 1, at },
      });
      return stat(kept.data.nodes[path] ?? node, path, nodes);
    case 'ls':
      return node === undefined ? missing : [`[${children(path, nodes).join(', ')}]`];
    case 'delete':
    case 'rmr': {
      if (node === undefined) return missing;
      if (name === 'delete' && children(path, nodes).length > 0) return [`Node not empty: ${path}`];
      kept.change(
        Object.fromEntries(Object.entries(nodes).filter(([one]) => one !== path && !one.startsWith(`${path}/`))),
      );
      return [];
    }
    default:
      return HELP;
  }
}
