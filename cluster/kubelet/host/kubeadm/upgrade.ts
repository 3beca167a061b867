/** kubeadm upgrade: another version of the control plane's pods, and what it says before. */
import type { ConfigMap, DaemonSet } from '../../../api/types.ts';
import { controlPlaneNodes } from '../../../node-files.ts';
import type { Client } from '../../../store/client.ts';
import { readSome, type Wait } from '../../shell/coroutine.ts';
import { cluster, clusterVersion, fail, out, refuse, type Command } from './command.ts';
import { plan } from './upgrade-plan.ts';
import { COMPONENTS, minorOf, numbers } from './versions.ts';

const MANIFESTS = '/etc/kubernetes/manifests';

/** Why this version can't be gone to. */
function skew(now: string, target: string, own: string): string | undefined {
  if (numbers(target) > numbers(own)) {
    return `Specified version to upgrade to ${JSON.stringify(target)} is higher than the kubeadm version ${JSON.stringify(own)}. Upgrade kubeadm first using the tool you used to install kubeadm`;
  }
  if (minorOf(target) > minorOf(now) + 1) {
    return `Specified version to upgrade to ${JSON.stringify(target)} is too high; kubeadm can upgrade only 1 minor version at a time`;
  }
  if (minorOf(target) < minorOf(now)) {
    return `Specified version to upgrade to ${JSON.stringify(target)} is too low; kubeadm can downgrade only 1 minor version at a time`;
  }
  return undefined;
}

/** The manifests of this machine with images of that version. */
function rewrite(command: Command, target: string): void {
  const { files } = command.context.box;
  for (const component of COMPONENTS) {
    const path = `${MANIFESTS}/${component}.yaml`;
    out(command, `[upgrade/staticpods] Preparing for "${component}" upgrade\n`);
    const before = files.find(path) ? files.read(path) : '';
    const after = before.replace(new RegExp(`(/${component}:)v[\\d.]+`), `$1${target}`);
    if (before === after) {
      out(command, `[upgrade/staticpods] Current and new manifests of ${component} are equal, skipping upgrade\n`);
      continue;
    }
    const backup = `/etc/kubernetes/tmp/kubeadm-backup-manifests/${component}.yaml`;
    out(
      command,
      `[upgrade/staticpods] Moving new manifest to "${path}" and backing up old manifest to "${backup}"\n[upgrade/staticpods] Waiting for the kubelet to restart the component\n[upgrade/staticpods] This can take up to 5m0s\n`,
    );
    files.makeFolder('/etc/kubernetes/tmp/kubeadm-backup-manifests', { parents: true, mode: 0o700 });
    files.write(backup, before, { mode: 0o600 });
    files.write(path, after, { mode: 0o600 });
    out(command, `[upgrade/staticpods] Component "${component}" upgraded successfully!\n`);
  }
}

function announce(client: Client, target: string): void {
  const map = client.get<ConfigMap>('configmaps', 'kube-system', 'kubeadm-config');
  if (map) {
    const text = (map.data?.['ClusterConfiguration'] ?? '').replace(
      /^kubernetesVersion: .*$/m,
      `kubernetesVersion: ${target}`,
    );
    client.update<ConfigMap>('configmaps', { ...map, data: { ...map.data, ClusterConfiguration: text } });
  }
  const proxy = client.get<DaemonSet>('daemonsets.apps', 'kube-system', 'kube-proxy');
  const { spec } = proxy ?? {};
  if (!proxy || !spec) return;
  const containers = (spec.template.spec?.containers ?? []).map((container) => ({
    ...container,
    image: (container.image ?? '').replace(/:v[\d.]+$/, `:${target}`),
  }));
  const template = { ...spec.template, spec: { ...spec.template.spec, containers } };
  client.update<DaemonSet>('daemonsets.apps', { ...proxy, spec: { ...spec, template } });
}

function* apply(command: Command, client: Client): Generator<Wait, number, void> {
  const { context, flags, args, machine } = command;
  const [, given] = args;
  if (given === undefined)
    return refuse(command, 'missing one or more required arguments. Required arguments: [version]');
  const target = given.startsWith('v') ? given : `v${given}`;
  const now = clusterVersion(client);
  const own = `v${machine.state().packages.kubeadm}`;
  out(
    command,
    '[upgrade] Reading configuration from the "kubeadm-config" ConfigMap in namespace "kube-system"...\n[upgrade] Use \'kubeadm init phase upload-config kubeadm --config your-config-file\' to re-upload it.\n[upgrade/preflight] Running preflight checks\n[upgrade] Running cluster health checks\n',
  );
  out(
    command,
    `[upgrade/preflight] You have chosen to upgrade the cluster version to "${target}"\n[upgrade/versions] Cluster version: ${now}\n[upgrade/versions] kubeadm version: ${own}\n`,
  );
  const why = skew(now, target, own);
  if (why !== undefined && !flags.has('force') && !flags.has('f')) {
    return refuse(
      command,
      `error execution phase preflight: [upgrade/version] FATAL: the --version argument is invalid due to these errors:\n\n\t- ${why}\n\nCan be bypassed if you pass the --force flag`.replace(
        /^error: /,
        '',
      ),
    );
  }
  if (!flags.has('yes') && !flags.has('y') && !flags.has('force') && !flags.has('f') && !flags.has('dry-run')) {
    out(command, '[upgrade] Are you sure you want to proceed? [y/N]: ');
    const answer = (yield* readSome(context.io.stdin)).trim().toLowerCase();
    if (answer !== 'y' && answer !== 'yes')
      return refuse(
        command,
        "error execution phase preflight: won't proceed; the user didn't answer (Y|y) in order to continue",
      );
  }
  out(
    command,
    "[upgrade/preflight] Pulling images required for setting up a Kubernetes cluster\n[upgrade/preflight] This might take a minute or two, depending on the speed of your internet connection\n[upgrade/preflight] You can also perform this action beforehand using 'kubeadm config images pull'\n",
  );
  if (flags.has('dry-run')) {
    out(command, `[dryrun] Would upgrade your static Pod-hosted control plane to version "${target}"`);
    return 0;
  }
  out(
    command,
    `[upgrade/control-plane] Upgrading your static Pod-hosted control plane to version "${target}" (timeout: 5m0s)...\n`,
  );
  // what the API server has to hear is told before it is restarted
  announce(client, target);
  rewrite(command, target);
  machine.change({ configVersion: target.slice(1) });
  out(
    command,
    '[upgrade/control-plane] The control plane instance for this node was successfully upgraded!\n[upload-config] Storing the configuration used in ConfigMap "kubeadm-config" in the "kube-system" Namespace\n[kubelet] Creating a ConfigMap "kubelet-config" in namespace kube-system with the configuration for the kubelets in the cluster\n[upgrade/kubeconfig] The kubeconfig files for this node were successfully upgraded!\n[kubelet-start] Writing kubelet configuration to file "/var/lib/kubelet/config.yaml"\n[upgrade/kubelet-config] The kubelet configuration for this node was successfully upgraded!\n[upgrade/bootstrap-token] Configuring bootstrap token and cluster-info RBAC rules\n[bootstrap-token] Configured RBAC rules to allow Node Bootstrap tokens to get nodes\n[addons] Applied essential addon: CoreDNS\n[addons] Applied essential addon: kube-proxy\n',
  );
  out(
    command,
    `\n[upgrade] SUCCESS! A control plane node of your cluster was upgraded to "${target}".\n\n[upgrade] Now please proceed with upgrading the rest of the nodes by following the right order.\n`,
  );
  return 0;
}

function upgradeNode(command: Command, client: Client): number {
  const { machine } = command;
  const target = clusterVersion(client);
  const isControlPlane = controlPlaneNodes(client).includes(machine.node);
  out(
    command,
    '[upgrade] Reading configuration from the "kubeadm-config" ConfigMap in namespace "kube-system"...\n[upgrade] Use \'kubeadm init phase upload-config kubeadm --config your-config-file\' to re-upload it.\n[upgrade/preflight] Running pre-flight checks\n',
  );
  if (isControlPlane) {
    out(
      command,
      `[upgrade/control-plane] Upgrading your Static Pod-hosted control plane instance to version "${target}"...\n`,
    );
    rewrite(command, target);
    out(
      command,
      '[upgrade/control-plane] The control plane instance for this node was successfully upgraded!\n[upgrade/kubeconfig] The kubeconfig files for this node were successfully upgraded!\n',
    );
  } else {
    out(
      command,
      '[upgrade/preflight] Skipping prepull. Not a control plane node.\n[upgrade/control-plane] Skipping phase. Not a control plane node.\n[upgrade/kubeconfig] Skipping phase. Not a control plane node.\n',
    );
  }
  machine.change({ configVersion: target.slice(1) });
  out(
    command,
    '[kubelet-start] Writing kubelet configuration to file "/var/lib/kubelet/config.yaml"\n[upgrade/kubelet-config] The kubelet configuration for this node was successfully upgraded!\n',
  );
  if (!isControlPlane)
    out(
      command,
      '[upgrade/addon] Skipping the addon/coredns phase. Not a control plane node.\n[upgrade/addon] Skipping the addon/kube-proxy phase. Not a control plane node.\n',
    );
  return 0;
}

export function* upgrade(command: Command): Generator<Wait, number, void> {
  const [verb] = command.args;
  if (verb !== 'plan' && verb !== 'apply' && verb !== 'node') {
    return refuse(command, 'missing subcommand; "upgrade" is not meant to be run on its own');
  }
  // a worker asks with its kubelet's own account
  const asks =
    verb === 'node'
      ? { ...command, flags: new Map([...command.flags, ['kubeconfig', '/etc/kubernetes/kubelet.conf']]) }
      : command;
  const client = cluster(asks);
  if (typeof client === 'string')
    return fail(command, `couldn't create a Kubernetes client from file "/etc/kubernetes/admin.conf": ${client}`);
  if (verb === 'plan') return plan(command, client);
  return verb === 'apply' ? yield* apply(command, client) : upgradeNode(command, client);
}
