/** A server by its kubeconfig: requests over kept-alive connections, as its administrator. */
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { parse } from 'yaml';

interface Kubeconfig {
  'current-context': string;
  contexts: { name: string; context: { cluster: string; user: string } }[];
  clusters: { name: string; cluster: { server: string; 'certificate-authority-data': string } }[];
  users: { name: string; user: { 'client-certificate-data': string; 'client-key-data': string } }[];
}

export interface Answer {
  code: number;
  /** As it came. */
  text: string;
  warnings: string[];
}

export interface Server {
  /** Code 0: no answer. */
  send(method: string, path: string, body?: string, type?: string): Promise<Answer>;
  close(): void;
}

/** Lines of Warning headers without code and quotes. */
const warningsOf = (header: string | string[] | undefined): string[] =>
  [header ?? []]
    .flat()
    .flatMap((line) => line.split(/, (?=299 - )/))
    .map((line) => line.replace(/^299 - /, ''));

export function connect(kubeconfig: string): Server {
  const config = parse(readFileSync(kubeconfig, 'utf8')) as Kubeconfig;
  const context = config.contexts.find(({ name }) => name === config['current-context'])?.context;
  const cluster = config.clusters.find(({ name }) => name === context?.cluster);
  const user = config.users.find(({ name }) => name === context?.user);
  if (!cluster || !user) throw new Error(`${kubeconfig}: no cluster or no user`);
  const decoded = (data: string) => Buffer.from(data, 'base64');
  const agent = new Agent({
    keepAlive: true,
    maxSockets: 8,
    ca: decoded(cluster.cluster['certificate-authority-data']),
    cert: decoded(user.user['client-certificate-data']),
    key: decoded(user.user['client-key-data']),
  });
  const once = (method: string, path: string, body?: string, type = 'application/json') =>
    new Promise<Answer>((resolve, reject) => {
      const headers = body === undefined ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(body) };
      const sent = request(`${cluster.cluster.server}${path}`, { agent, method, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            code: response.statusCode ?? 0,
            text: Buffer.concat(chunks).toString(),
            warnings: warningsOf(response.headers.warning),
          }),
        );
      });
      sent.on('error', reject);
      sent.end(body);
    });
  // a server may hang up on a connection that has been idle just when it is used again
  const twice = async (...args: Parameters<typeof once>): Promise<Answer> => {
    try {
      return await once(...args);
    } catch {
      // hung up on again: that is its answer
      return once(...args).catch((error: unknown) => ({ code: 0, text: String(error), warnings: [] }));
    }
  };
  return { send: twice, close: () => agent.destroy() };
}
