/** A node's console for those who are not in the cluster's own thread: requests and answers as plain values. */
import type { NodeFile, RunOptions, RunResult } from '../kubelet/host/console.ts';
import type { ServedCluster } from './served-cluster.ts';

/** What can be asked, with what comes back. */
export interface ConsoleMethods {
  /** A line of bash, or a program with its arguments. */
  run: { argument: { command: string | readonly string[]; options?: RunOptions }; result: RunResult };
  /** undefined: there is no such file. */
  read: { argument: { path: string }; result: string | undefined };
  write: { argument: { path: string; text: string; mode?: number }; result: void };
  remove: { argument: { path: string }; result: void };
  list: { argument: { path: string }; result: NodeFile[] };
  stat: { argument: { path: string }; result: NodeFile | undefined };
}

export type ConsoleRequest = {
  [M in keyof ConsoleMethods]: { method: M; node: string } & ConsoleMethods[M]['argument'];
}[keyof ConsoleMethods];

/** At the present time, and the cluster has reacted when it comes back. @throws Error: there is no such node; FileError */
export function askConsole(served: ServedCluster, request: ConsoleRequest): unknown {
  served.settle();
  const node = served.cluster.node(request.node);
  if (node === undefined) throw new Error(`there is no node ${request.node} with a console`);
  try {
    switch (request.method) {
      case 'run':
        return node.run(request.command, request.options);
      case 'read':
        return node.read(request.path);
      case 'write':
        return node.write(request.path, request.text, request.mode === undefined ? {} : { mode: request.mode });
      case 'remove':
        return node.remove(request.path);
      case 'list':
        return node.list(request.path);
      case 'stat':
        return node.stat(request.path);
    }
  } finally {
    served.settle();
  }
}
