/** The four-letter words: what a member says of itself without a session. */
import type { Settings } from './settings.ts';
import type { Data } from './tree.ts';

const VERSION = '3.4.10-39d3a4f269333c922ed3db283be479f9deacaa0f, built on 03/23/2017 10:13 GMT';

/** What is asked about. */
export interface Member {
  readonly id: number;
  readonly settings: Settings;
  readonly data: Data;
  readonly hasQuorum: boolean;
  role(): 'leader' | 'follower' | 'standalone';
  /** Those that answer. */
  members(): readonly { id: number }[];
}

/** `from`: the client's address. */
export function fourLetters(member: Member, word: string, from: string): string {
  if (word === 'ruok') return 'imok';
  if (!member.hasQuorum) return 'This ZooKeeper instance is not currently serving requests\n';
  const { transaction, nodes } = member.data;
  const mode = member.role();
  const count = Object.keys(nodes).length;
  const zxid = `0x${(transaction === 0 ? 0x100000000 : 0x100000000 + transaction).toString(16)}`;
  if (word === 'isro') return 'rw';
  if (word === 'mntr')
    return `zk_version\t${VERSION}\nzk_avg_latency\t0\nzk_num_alive_connections\t1\nzk_server_state\t${mode}\nzk_znode_count\t${count}\n${mode === 'leader' ? `zk_followers\t${member.members().length - 1}\nzk_synced_followers\t${member.members().length - 1}\n` : ''}`;
  if (word === 'conf')
    return `clientPort=${member.settings.client}\ndataDir=${member.settings.folder}/version-2\ntickTime=2000\nserverId=${member.id}\n`;
  return `Zookeeper version: ${VERSION}\n${word === 'stat' ? `Clients:\n /${from}:40312[0](queued=0,recved=1,sent=0)\n\n` : ''}Latency min/avg/max: 0/0/0\nReceived: 1\nSent: 0\nConnections: 1\nOutstanding: 0\nZxid: ${zxid}\nMode: ${mode}\nNode count: ${count}\n`;
}
