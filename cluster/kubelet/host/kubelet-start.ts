/**
 * What becomes of a kubelet that is started with the files that lie on its machine: it runs, it ends at once, or it runs and can't
 * reach the API server. Its last words are those of 1.35.4, recorded from the real one.
 */
import { parse as parseYaml, YAMLParseError } from 'yaml';
import type { FileView } from '../files/file-view.ts';
import { KUBELET_FLAGS } from './kubelet-flags.ts';
import { commandOf } from './kubelet-unit.ts';

export type Started =
  | { kind: 'runs'; staticPodPath: string; warnings: string[] }
  /** `says`: a line of its log without head; `code`: systemd's word for how it ended. */
  | { kind: 'ends'; says: string; code: string }
  | { kind: 'cut'; staticPodPath: string; says: string };

export interface Around {
  files: FileView;
  containerdRuns: boolean;
  swap: boolean;
  /** Why a connection to that URL does not come about, in Go's words; undefined: it does. */
  dial(host: string, port: number): string | undefined;
  /** PEM of the cluster's authority; '' where there is none. */
  authority: string;
  /** Whether the API server answers: a kubelet that finds it down goes on trying. */
  apiServes: boolean;
}

const FAILED = 'exited, status=1/FAILURE';
const NO_PROGRAM = 'exited, status=203/EXEC';
const SOCKET = '/var/run/containerd/containerd.sock';
const SOCKETS: ReadonlySet<string> = new Set([SOCKET, '/run/containerd/containerd.sock']);
const GROUP = 'kubelet.config.k8s.io/v1beta1';
const SCHEME = 'pkg/runtime/scheme.go:111';
const ends = (err: string): Started => ({
  kind: 'ends',
  says: `run.go:72] "command failed" err=${JSON.stringify(err)}`,
  code: FAILED,
});

interface Configuration {
  apiVersion?: unknown;
  kind?: unknown;
  staticPodPath?: unknown;
  containerRuntimeEndpoint?: unknown;
  failSwapOn?: unknown;
  maxPods?: unknown;
  authentication?: { x509?: { clientCAFile?: unknown } };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** Go's YAML has other words than the library that reads it here. */
function yamlProblem(error: YAMLParseError): string {
  if (/Nested mappings|Implicit map|compact mapping|mapping values/i.test(error.message)) {
    return 'yaml: mapping values are not allowed in this context';
  }
  const line = error.linePos?.[0].line ?? 1;
  return `yaml: line ${line}: could not find expected ':'`;
}

/** The configuration, or why there is none. */
function readConfiguration(files: FileView, path: string): Configuration | string {
  const failed = (why: string) =>
    `failed to load kubelet config file, path: ${path}, error: failed to load Kubelet config file ${path}, error ${why}`;
  if (files.find(path)?.kind !== 'file') {
    return failed(
      `failed to read kubelet config file ${JSON.stringify(path)}, error: open ${path}: no such file or directory`,
    );
  }
  let read: unknown;
  try {
    read = parseYaml(files.read(path));
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    return failed(`failed to decode: ${yamlProblem(error)}`);
  }
  if (read === null || read === undefined) {
    return failed(`kubelet config file ${JSON.stringify(path)} was empty`);
  }
  if (!isObject(read))
    return failed(
      'failed to decode: couldn\'t get version/kind; json parse error: json: cannot unmarshal string into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }',
    );
  const { apiVersion = '', kind = '' } = read;
  if (kind === '') return failed("failed to decode: Object 'Kind' is missing in '...'");
  if (apiVersion !== GROUP || kind !== 'KubeletConfiguration') {
    return failed(
      `failed to decode: no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme ${JSON.stringify(SCHEME)}`,
    );
  }
  return read;
}

/** Values of flags by name, or the first that there is not. */
function readFlags(args: readonly string[]): Map<string, string> | string {
  const values = new Map<string, string>();
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? '';
    if (!word.startsWith('--')) return `unknown command ${word}`;
    const equals = word.indexOf('=');
    const name = word.slice(2, equals === -1 ? undefined : equals);
    if (!KUBELET_FLAGS.has(name)) return `failed to parse kubelet flag: unknown flag: --${name}`;
    const next = args[at + 1];
    if (equals !== -1) values.set(name, word.slice(equals + 1));
    else if (next !== undefined && !next.startsWith('--')) values.set(name, args[++at] ?? '');
    else values.set(name, 'true');
  }
  return values;
}

function runtimeProblem(endpoint: string, { containerdRuns }: Around): string | undefined {
  const path = endpoint.replace(/^unix:\/\//, '');
  if (SOCKETS.has(path) && containerdRuns) return undefined;
  const why = `connection error: desc = "transport: Error while dialing: dial unix ${path}: connect: no such file or directory"`;
  return `failed to run Kubelet: validate service connection: validate CRI v1 runtime API for endpoint ${JSON.stringify(endpoint)}: rpc error: code = Unavailable desc = ${why}`;
}

interface Kubeconfig {
  clusters?: {
    cluster?: { server?: string; 'certificate-authority-data'?: string; 'certificate-authority'?: string };
  }[];
  users?: { user?: Record<string, string> }[];
}

/** Why the kubeconfig can't be used at all, or why nobody answers to it. */
function connection(around: Around, path: string): { ends: string } | { cut: string } | undefined {
  const { files, dial, authority, apiServes } = around;
  let config: Kubeconfig;
  try {
    config = (parseYaml(files.read(path)) as Kubeconfig | null) ?? {};
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    return {
      ends: `failed to run Kubelet: invalid kubeconfig: error loading config file ${JSON.stringify(path)}: ${yamlProblem(error)}`,
    };
  }
  const cluster = config.clusters?.[0]?.cluster;
  const user = config.users?.[0]?.user ?? {};
  for (const key of ['client-certificate', 'client-key']) {
    const file = user[key];
    if (file === undefined || files.find(file)) continue;
    const said = `unable to read ${key} ${file} for default-auth due to open ${file}: no such file or directory`;
    return { ends: `failed to run Kubelet: invalid kubeconfig: invalid configuration: [${said}]` };
  }
  const server = cluster?.server ?? 'http://localhost:8080';
  const [, host = '', port = '443'] = /^https?:\/\/([^:/]+)(?::(\d+))?/.exec(server) ?? [];
  // nobody answers there: the kubelet goes on trying, which is no fault of its files
  const why = dial(host, Number(port));
  const url = `${server}/api/v1/nodes`;
  if (why !== undefined) return apiServes ? { cut: cutOff(url, why) } : undefined;
  const pem = cluster?.['certificate-authority-data'];
  const file = cluster?.['certificate-authority'];
  if (file !== undefined && !files.find(file)) {
    return {
      ends: `failed to run Kubelet: invalid kubeconfig: invalid configuration: unable to read certificate-authority ${file} for kubernetes due to open ${file}: no such file or directory`,
    };
  }
  const trusted = file === undefined ? Buffer.from(pem ?? '', 'base64').toString('utf8') : files.read(file);
  if (authority !== '' && trusted.trim() !== authority.trim()) {
    return { cut: cutOff(url, 'tls: failed to verify certificate: x509: certificate signed by unknown authority') };
  }
  return undefined;
}

const cutOff = (url: string, why: string): string =>
  `kubelet_node_status.go:113] "Unable to register node with API server, error getting existing node" err=${JSON.stringify(`Post ${JSON.stringify(url)}: ${why}`)}`;

/** Starts it: what its unit says, with the files as they are. */
export function startKubelet(around: Around): Started {
  const { files } = around;
  const command = commandOf(files);
  if (typeof command === 'string') return { kind: 'ends', says: command, code: NO_PROGRAM };
  const flags = readFlags(command.slice(1));
  if (typeof flags === 'string') return ends(flags);
  const path = flags.get('config');
  const configuration = path === undefined ? {} : readConfiguration(files, path);
  if (typeof configuration === 'string') return ends(configuration);
  const { maxPods } = configuration;
  if (typeof maxPods === 'number' && maxPods < 0) {
    return ends(
      `failed to validate kubelet configuration, error: invalid configuration: maxPods (--max-pods) ${maxPods} must not be a negative number, path: &TypeMeta{Kind:,APIVersion:,}`,
    );
  }
  const [kubeconfig, bootstrap] = [flags.get('kubeconfig'), flags.get('bootstrap-kubeconfig')];
  const hasConfig = kubeconfig !== undefined && files.find(kubeconfig) !== undefined;
  if (kubeconfig !== undefined && !hasConfig && (bootstrap === undefined || !files.find(bootstrap))) {
    return bootstrap === undefined
      ? ends(`failed to run Kubelet: invalid kubeconfig: stat ${kubeconfig}: no such file or directory`)
      : ends(
          `failed to run Kubelet: unable to load bootstrap kubeconfig: stat ${bootstrap}: no such file or directory`,
        );
  }
  const connected = hasConfig ? connection(around, kubeconfig) : undefined;
  if (connected && 'ends' in connected) return ends(connected.ends);
  const authority = textOf(configuration.authentication?.x509?.clientCAFile);
  if (authority !== undefined && !files.find(authority)) {
    const why = `unable to load client CA file ${authority}: open ${authority}: no such file or directory`;
    return ends(`failed to construct kubelet dependencies: ${why}`);
  }
  const endpoint =
    flags.get('container-runtime-endpoint') ?? textOf(configuration.containerRuntimeEndpoint) ?? `unix://${SOCKET}`;
  const runtime = runtimeProblem(endpoint, around);
  if (runtime !== undefined) return ends(runtime);
  if (around.swap && configuration.failSwapOn !== false && flags.get('fail-swap-on') !== 'false') {
    return ends(
      'failed to run Kubelet: running with swap on is not supported, please disable swap or set --fail-swap-on flag to false',
    );
  }
  const staticPodPath = flags.get('pod-manifest-path') ?? textOf(configuration.staticPodPath) ?? '';
  if (connected) return { kind: 'cut', staticPodPath, says: connected.cut };
  const missing = staticPodPath !== '' && !files.find(staticPodPath);
  const warnings = missing
    ? [
        `file_linux.go:61] "Unable to read config path" err="path does not exist, ignoring" path=${JSON.stringify(staticPodPath)}`,
      ]
    : [];
  return { kind: 'runs', staticPodPath, warnings };
}
