/** What ZooKeeper keeps: a tree of nodes, and how it prints one of them. */

export interface Znode {
  text: string;
  /** Transactions that made and changed it. */
  created: number;
  changed: number;
  version: number;
  at: number;
}
export interface Data {
  nodes: Record<string, Znode>;
  transaction: number;
}
/** As it is before the first transaction. */
export const EMPTY: Data = {
  nodes: {
    '/': { text: '', created: 0, changed: 0, version: 0, at: 0 },
    '/zookeeper': { text: '', created: 0, changed: 0, version: 0, at: 0 },
    '/zookeeper/quota': { text: '', created: 0, changed: 0, version: 0, at: 0 },
  },
  transaction: 0,
};

/** Names right beneath a path, in order. */
export const children = (path: string, nodes: Data['nodes']): string[] => {
  const prefix = path === '/' ? '/' : `${path}/`;
  return Object.keys(nodes)
    .filter((one) => one !== '/' && one.startsWith(prefix) && !one.slice(prefix.length).includes('/'))
    .map((one) => one.slice(prefix.length))
    .sort();
};
const javaDate = (ms: number): string => {
  const [day, date, month, year, time] = new Date(ms).toUTCString().replace(',', '').split(' ');
  return `${day} ${month} ${date} ${time} UTC ${year}`;
};
const zxid = (transaction: number): string => `0x${transaction === 0 ? '0' : (0x100000000 + transaction).toString(16)}`;
/** As `stat` prints a node. */
export const stat = (node: Znode, path: string, nodes: Data['nodes']): string[] => [
  `cZxid = ${zxid(node.created)}`,
  `ctime = ${javaDate(node.at)}`,
  `mZxid = ${zxid(node.changed)}`,
  `mtime = ${javaDate(node.at)}`,
  `pZxid = ${zxid(node.created)}`,
  'cversion = 0',
  `dataVersion = ${node.version}`,
  'aclVersion = 0',
  'ephemeralOwner = 0x0',
  `dataLength = ${node.text.length}`,
  `numChildren = ${children(path, nodes).length}`,
];
