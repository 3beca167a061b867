/** `drydock cluster`: one simulated cluster on loopback, for anything that speaks to a Kubernetes API server. */
import { writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import type { ServedCluster } from '#cluster/serve/served-cluster.ts';
import { UserError } from '../exit.ts';

interface Options {
  kubeconfig: string;
  port: number;
  nodes?: string[];
  bare: boolean;
  seed: number;
}

const LOOPBACK = '127.0.0.1';
const NODE_NAME = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

function wholeNumber(most: number) {
  return (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < 0 || value > most) {
      throw new InvalidArgumentError(`expected a whole number from 0 to ${most}.`);
    }
    return value;
  };
}

function nodeNames(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  const bad = names.find((name) => !NODE_NAME.test(name));
  if (bad !== undefined)
    throw new InvalidArgumentError(`${JSON.stringify(bad)} is no node name: use lower-case letters, digits and "-".`);
  if (new Set(names).size < names.length) throw new InvalidArgumentError('each node needs a name of its own.');
  return names;
}

export function clusterCommand(): Command {
  return new Command('cluster')
    .description('serve one simulated cluster on loopback until SIGTERM or Ctrl-C')
    .requiredOption('--kubeconfig <file>', "where to write the administrator's kubeconfig")
    .option('--port <n>', 'port on 127.0.0.1; 0: any free one', wholeNumber(65_535), 0)
    .option(
      '--nodes <names>',
      'node names separated by commas; "controlplane" is tainted (default: controlplane,node01,node02)',
      nodeNames,
    )
    .option(
      '--bare',
      'nothing in kube-system; without --nodes also containers that start at once and never fail',
      false,
    )
    .option('--seed <n>', 'draws names, ids and addresses', wholeNumber(2 ** 32 - 1), 1)
    .action(run);
}

async function run(options: Options): Promise<void> {
  const { nodes, bare, seed, port } = options;
  const { serveCluster } = await import('#cluster/serve/served-cluster.ts');
  let served: ServedCluster;
  try {
    served = await serveCluster({
      start: {
        now: Date.now(),
        seed,
        bare,
        ...(nodes ? { nodes } : {}),
        kubelet: bare && !nodes ? 'stand-in' : 'real',
      },
      listen: { host: LOOPBACK, port },
      onFault: (what, fault) =>
        process.stderr.write(`${what}: ${fault instanceof Error ? fault.stack : String(fault)}\n`),
    });
  } catch (error) {
    throw new UserError(`port ${port} cannot be had: ${error instanceof Error ? error.message : String(error)}`);
  }
  const address = served.address();
  const url = `https://${LOOPBACK}:${'port' in address ? address.port : 0}`;
  try {
    await writeFile(options.kubeconfig, served.kubeconfig(url), { mode: 0o600 });
  } catch (error) {
    await served.close();
    throw new UserError(
      `cannot write ${options.kubeconfig}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  // whoever reads the line may stop us at once
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  process.stdout.write(`drydock: cluster ready at ${url}, kubeconfig in ${options.kubeconfig}\n`);
  await stopped;
  await served.close();
}
