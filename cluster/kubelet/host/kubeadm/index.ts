/** kubeadm on a node, as far as those who look after a cluster use it after it was set up. Its words are 1.35's. */
import type { Program } from '../../shell/box.ts';
import type { Run } from '../../shell/coroutine.ts';
import { certs } from './certs.ts';
import { cluster, clusterVersion, out, refuse, type Command } from './command.ts';
import { token } from './token.ts';
import { upgrade } from './upgrade.ts';

const WITH_VALUE = new Set(
  'kubeconfig config ttl description groups usages cert-dir certificate-key token discovery-token-ca-cert-hash kubernetes-version image-repository v output o cri-socket node-name'.split(
    ' ',
  ),
);

function read(words: readonly string[]): { args: string[]; flags: Map<string, string> } {
  const args: string[] = [];
  const flags = new Map<string, string>();
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const [name = '', value] = word.replace(/^--?/, '').split(/=(.*)/s);
    if (!word.startsWith('-')) args.push(word);
    else if (value !== undefined) flags.set(name, value);
    else flags.set(name, WITH_VALUE.has(name) ? (words[++at] ?? '') : 'true');
  }
  return { args, flags };
}

const IMAGES = (version: string): string[] => [
  ...['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy'].map((name) => `${name}:${version}`),
  'coredns/coredns:v1.13.1',
  'pause:3.10.1',
  'etcd:3.6.6-0',
];

function config(command: Command): number {
  const [verb, part] = command.args;
  const version = command.flags.get('kubernetes-version') ?? `v${command.machine.state().packages.kubeadm}`;
  const repository = command.flags.get('image-repository') ?? 'registry.k8s.io';
  if (verb === 'images' && (part === 'list' || part === 'pull')) {
    const said = part === 'pull' ? '[config/images] Pulled ' : '';
    out(
      command,
      IMAGES(version)
        .map((image) => `${said}${repository}/${image}\n`)
        .join(''),
    );
    return 0;
  }
  if (verb === 'print') {
    const client = cluster(command);
    const now = typeof client === 'string' ? version : clusterVersion(client);
    out(
      command,
      `apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\nkubernetesVersion: ${now.replace(/^v/, '')}\nnetworking:\n  dnsDomain: cluster.local\n  serviceSubnet: 10.96.0.0/12\n`,
    );
    return 0;
  }
  return refuse(command, 'missing subcommand; "config" is not meant to be run on its own');
}

function version(command: Command): number {
  const own = `v${command.machine.state().packages.kubeadm}`;
  const output = command.flags.get('output') ?? command.flags.get('o');
  if (output === 'short') out(command, `${own}\n`);
  else
    out(
      command,
      `kubeadm version: &version.Info{Major:"1", Minor:"35", EmulationMajor:"", EmulationMinor:"", MinCompatibilityMajor:"", MinCompatibilityMinor:"", GitVersion:"${own}", GitCommit:"", GitTreeState:"clean", BuildDate:"2026-04-15T18:02:00Z", GoVersion:"go1.25.9", Compiler:"gc", Platform:"linux/amd64"}\n`,
    );
  return 0;
}

export const KUBEADM: Readonly<Record<string, Program>> = {
  kubeadm: function* run(context): Run {
    const { machine } = context.box;
    const { args, flags } = read(context.argv.slice(1));
    const [verb = '', ...rest] = args;
    if (machine === undefined) {
      context.io.stderr.write('error: this machine is no node of a cluster\n');
      return 1;
    }
    const command: Command = { context, machine, args: rest, flags };
    switch (verb) {
      case 'version':
        return version(command);
      case 'certs':
        return certs(command);
      case 'token':
        return token(command);
      case 'upgrade':
        return yield* upgrade(command);
      case 'config':
        return config(command);
      default:
        return refuse(
          command,
          verb === '' ? 'missing subcommand' : `unknown command ${JSON.stringify(verb)} for "kubeadm"`,
        );
    }
  },
};
