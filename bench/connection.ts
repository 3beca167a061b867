/** A few kept connections to one API server, and the CPU time that its process has used. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { parse } from 'yaml';

interface Kubeconfig {
  clusters: { cluster: { server: string; 'certificate-authority-data': string } }[];
  users: { user: { 'client-certificate-data': string; 'client-key-data': string } }[];
}

const decoded = (base64: string | undefined) => Buffer.from(base64 ?? '', 'base64');
/** Clock ticks a second in /proc: 100 on every Linux that Node runs on. */
const TICKS = 100;

export class Connection {
  readonly #server: string;
  readonly #agent: Agent;
  readonly #pid: number;

  /** `pid`: of the API server's process, whose CPU time counts. */
  constructor(kubeconfig: string, pid: number, sockets: number) {
    const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8')) as Kubeconfig;
    const [cluster, user] = [clusters[0]?.cluster, users[0]?.user];
    this.#server = cluster?.server ?? '';
    this.#pid = pid;
    this.#agent = new Agent({
      keepAlive: true,
      maxSockets: sockets,
      ca: decoded(cluster?.['certificate-authority-data']),
      cert: decoded(user?.['client-certificate-data']),
      key: decoded(user?.['client-key-data']),
    });
  }

  /** Seconds of CPU that the server's process has used since it started: user and system, all threads. */
  cpuSeconds(): number {
    const stat = readFileSync(`/proc/${this.#pid}/stat`, 'utf8');
    // the second field is the program's name in brackets, which may hold spaces
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS;
  }

  /** The answer's head; its body is still to be read. @throws Error for an answer that is no success */
  async open(method: string, path: string, body?: string, contentType = 'application/json'): Promise<IncomingMessage> {
    const asked = request(this.#server + path, {
      method,
      agent: this.#agent,
      headers: body === undefined ? {} : { 'content-type': contentType, 'content-length': Buffer.byteLength(body) },
    });
    asked.end(body);
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    if ((answer.statusCode ?? 500) < 400) return answer;
    const text = await answer.setEncoding('utf8').toArray();
    throw new Error(`${method} ${path}: ${answer.statusCode} ${text.join('')}`);
  }

  /** Waits for the whole answer. */
  async ask(method: string, path: string, body?: string, contentType?: string): Promise<void> {
    const answer = await this.open(method, path, body, contentType);
    answer.resume();
    await once(answer, 'end');
  }

  close(): void {
    this.#agent.destroy();
  }
}
