/** kube-proxy: nothing but its configuration and its log; what it does to packets is cluster/network's. */
import { parse } from 'yaml';
import { FileError } from '../files/file-view.ts';
import type { Context, Program } from '../shell/box.ts';
import type { Run } from '../shell/coroutine.ts';

const MODES = ['', 'iptables', 'ipvs', 'nftables'];

/** klog's first words: `E1121 16:41:13.000000       1 run.go:72] `. */
function klog(level: 'E' | 'I', now: number, place: string): string {
  const at = new Date(now).toISOString();
  return `${level}${at.slice(5, 7)}${at.slice(8, 10)} ${at.slice(11, 23)}000       1 ${place}] `;
}

const flag = (argv: readonly string[], name: string): string | undefined => {
  const at = argv.indexOf(`--${name}`);
  return at === -1 ? argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3) : argv[at + 1];
};

interface Configuration {
  kind?: string;
  apiVersion?: string;
  mode?: string;
  clientConnection?: { kubeconfig?: string };
}

/** What is wrong with it; undefined: it starts. */
function problemOf({ box }: Context, file: string): string | undefined {
  let text: string;
  try {
    text = box.files.read(file);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return `failed complete: open ${file}: no such file or directory`;
  }
  let read: Configuration | undefined;
  try {
    read = parse(text) as Configuration;
  } catch (error) {
    return `failed complete: couldn't get version/kind; json parse error: error converting YAML to JSON: yaml: ${error instanceof Error ? error.message.split('\n')[0] : ''}`;
  }
  if (typeof read !== 'object' || read?.kind === undefined) {
    return "failed complete: Object 'Kind' is missing in '" + text.trim() + "'";
  }
  if (read.kind !== 'KubeProxyConfiguration' || !(read.apiVersion ?? '').startsWith('kubeproxy.config.k8s.io/')) {
    return `failed complete: no kind "${read.kind}" is registered for version "${read.apiVersion}" in scheme "k8s.io/kubernetes/pkg/proxy/apis/config/scheme/scheme.go:29"`;
  }
  if (!MODES.includes(read.mode ?? '')) {
    return `failed validate: KubeProxyConfiguration.Mode: Invalid value: ${JSON.stringify(read.mode)}: must be iptables, ipvs or nftables`;
  }
  const kubeconfig = read.clientConnection?.kubeconfig ?? '';
  if (kubeconfig !== '' && box.files.find(kubeconfig) === undefined) {
    return `failed to run Kube-proxy: stat ${kubeconfig}: no such file or directory`;
  }
  return undefined;
}

export const kubeProxy: Program = function* run(context: Context): Run {
  const { box, io, argv } = context;
  const file = flag(argv, 'config');
  const problem = file === undefined ? undefined : problemOf(context, file);
  if (problem !== undefined) {
    io.stderr.write(`${klog('E', box.now(), 'run.go:72')}"command failed" err=${JSON.stringify(problem)}\n`);
    return 1;
  }
  const say = (place: string, text: string) => io.stderr.write(`${klog('I', box.now(), place)}${text}\n`);
  say('server.go:53', '"Using iptables proxy"');
  say('server.go:518', '"Version info" version="v1.35.4"');
  say('config.go:200', '"Starting service config controller"');
  say('config.go:106', '"Starting endpoint slice config controller"');
  say('config.go:403', '"Starting serviceCIDR config controller"');
  say('config.go:309', '"Starting node config controller"');
  say('shared_informer.go:356', '"Caches are synced" controller="service config"');
  for (;;) {
    const signal = context.pending();
    if (signal === 'TERM' || signal === 'INT') return 0;
    yield { until: Infinity, event: true };
  }
};
