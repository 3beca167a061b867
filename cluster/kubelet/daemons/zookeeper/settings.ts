/** zoo.cfg, as far as it matters here. */

export const CONFIG = '/opt/zookeeper/conf/zoo.cfg';

export interface Settings {
  client: number;
  folder: string;
  servers: readonly { id: number; host: string; peer: number }[];
}
export function settingsOf(text: string): Settings {
  const value = (name: string): string | undefined => new RegExp(`^${name}=(.*)$`, 'm').exec(text)?.[1];
  return {
    client: Number(value('clientPort') ?? 2181),
    folder: value('dataDir') ?? '/var/lib/zookeeper/data',
    servers: [...text.matchAll(/^server\.(\d+)=([^:]+):(\d+):\d+$/gm)].map(([, id, host = '', peer]) => ({
      id: Number(id),
      host,
      peer: Number(peer),
    })),
  };
}
