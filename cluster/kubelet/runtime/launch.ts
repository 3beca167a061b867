/** Making a container: its files, variables, identity, terminal and process. */
import type { Container, Pod } from '../../api/types.ts';
import { file, toBytes, toText, Tree } from '../files/file-tree.ts';
import { FileView, type Identity } from '../files/file-view.ts';
import type { Image } from '../images/image.ts';
import { homeOf, ownGroup } from '../commands/users.ts';
import type { Box, Network, Server } from '../shell/box.ts';
import { nothingIn, Pipe, type Source } from '../shell/coroutine.ts';
import { DEFAULT_PATH } from '../shell/programs.ts';
import { TerminalSource } from '../shell/terminal.ts';
import { ContainerLog } from './container-log.ts';
import { environmentOf, substituted, type PodPlace } from './environment.ts';
import { flavourOf, imagePrograms } from './image-files.ts';
import type { Instance, RuntimeParts, StartAsked } from './instance.ts';
import { limitOf, Memory } from './memory.ts';
import { Process } from './process.ts';
import { procFiles } from './proc-files.ts';
import { kill, processesOf, runProgram, whyNot } from './programs.ts';
import { mountsOf, type VolumeStore } from './volumes.ts';

const CAN_START =
  'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ';

export interface Around {
  parts: RuntimeParts;
  volumes: VolumeStore;
  /** The container's own files. */
  layer: Tree;
  network: Network;
  /** Bytes of memory that the pod's node has left. */
  room(pod: Pod): number;
}

const droppedBy = (container: Container): ReadonlySet<string> =>
  new Set((container.securityContext?.capabilities?.drop ?? []).map((one) => one.toUpperCase()));

/** Bytes of files that are kept in memory. */
const inMemory = (files: FileView): number =>
  files.mounts
    .filter(({ type, tree }) => type === 'tmpfs' && !tree.readOnly)
    .reduce((sum, { tree }) => sum + Math.max(0, tree.grown), 0);

/** Sees all files of a container before anybody runs in it. */
const ROOT: Identity = { uid: 0, gid: 0, groups: [0], privileged: true };

/** Who its first process runs as. `accounts`: to look its users up. */
function identityOf(pod: Pod, container: Container, image: Image, accounts: Box): Identity {
  const security = { ...pod.spec?.securityContext, ...container.securityContext };
  const uid = security.runAsUser ?? image.user;
  const groups = new Set<number>([
    ...(pod.spec?.securityContext?.supplementalGroups ?? []),
    ...(security.runAsGroup === undefined && uid === 0 ? [0] : []),
    ...(pod.spec?.securityContext?.fsGroup === undefined ? [] : [pod.spec.securityContext.fsGroup]),
  ]);
  const dropped = droppedBy(container);
  // the runtime looks a user that the pod names up in the image; one that is unknown there is in root's group
  const gid =
    security.runAsGroup ??
    (security.runAsUser === undefined ? image.user : (ownGroup(accounts, security.runAsUser) ?? 0));
  return {
    uid,
    gid,
    groups:
      groups.size === 0 || (groups.size === 1 && groups.has(gid))
        ? [gid]
        : [gid, ...groups].filter((one, index, all) => all.indexOf(one) === index).sort((a, b) => a - b),
    privileged: uid === 0 && !dropped.has('ALL') && !dropped.has('CHOWN'),
  };
}

/** The container with its process, not yet begun; or why it can't be made. */
export function makeInstance(asked: StartAsked, around: Around): Instance | string {
  const { parts, volumes, layer, network } = around;
  const { pod, container, image, id, startedAt } = asked;
  const place: PodPlace = {
    store: parts.store,
    pod,
    node: asked.node,
    podIP: asked.podIP,
    hostIP: asked.hostIP,
  };
  const { hostNetwork, nodeName = '', hostname: given, subdomain, setHostnameAsFQDN } = pod.spec ?? {};
  const short = hostNetwork === true ? nodeName : (given ?? pod.metadata.name.slice(0, 63));
  const hostname =
    setHostnameAsFQDN === true && subdomain && hostNetwork !== true
      ? `${short}.${subdomain}.${pod.metadata.namespace}.svc.cluster.local`
      : short;
  const termination = new Tree(file(''));
  const log = new ContainerLog();
  const memory = new Memory(limitOf(container.resources ?? {}), {
    inVolumes: () => inMemory(files),
    room: () => around.room(pod),
    grown: () => parts.pressed?.(pod.spec?.nodeName ?? ''),
  });
  const listeners = new Map<number, Server>();
  const watchers: Instance['watchers'] = new Set();
  const flavour = flavourOf(image);
  const programs = imagePrograms(image);

  const dropped = droppedBy(container);
  const accounts = {
    files: new FileView(
      [{ path: '', tree: layer, within: [], readOnly: true, type: 'overlay' }],
      ROOT,
      () => startedAt,
    ),
    who: ROOT,
  } as Box;
  const who = identityOf(pod, container, image, accounts);
  const { command = [], args = [] } = container;
  const argvAsText =
    command.length > 0 ? [...command, ...args] : [...image.entrypoint, ...(args.length > 0 ? args : image.cmd)];
  const proc = procFiles(argvAsText, who, container, dropped);
  const times: { own: Pick<Process, 'time'>; beside?: Pick<Process, 'time'> } = { own: { time: startedAt } };
  const view = (env: ReadonlyMap<string, string>) =>
    new FileView(
      mountsOf({
        place,
        container,
        root: layer,
        hostname: short,
        env,
        volumes,
        now: startedAt,
        termination,
        proc,
      }),
      who,
      () => Math.max(times.own.time, times.beside?.time ?? 0),
      (bytes) => memory.check(bytes),
    );
  const env = environmentOf(place, container, image, { hostname, home: homeOf({ ...accounts, who }) });
  const files = view(env);
  const refers = argvAsText.some((word) => word.includes('$'));
  const text = new Map(refers ? [...env].map(([name, value]) => [toText(name), toText(value)]) : []);
  const argv = argvAsText.map((word) => toBytes(substituted(word, text)));
  const cwd = container.workingDir ?? image.workdir;
  if (argv.length === 0) return 'failed to generate container spec: no command specified';
  const atCwd = files.find(cwd);
  if (atCwd === undefined) files.makeFolder(cwd, { parents: true });
  else if (atCwd.kind !== 'folder') {
    return `${CAN_START}error during container init: mkdir ${cwd}: not a directory: unknown`;
  }

  const makeBox = (process: Pick<Process, 'time'>, terminal: Box['terminal'] = { columns: 80, rows: 24 }): Box => ({
    files,
    who,
    flavour,
    image: image.reference,
    hostname,
    now: () => process.time,
    random: () => parts.random.next(),
    network,
    programs,
    memory,
    terminal,
    processes: () => processesOf(instance),
    kill: (pid, signal) => kill(instance, { pid, signal }),
    listen: (port, server) => listeners.set(port, server),
    listening: () => [...listeners.keys()],
    get machine() {
      return parts.machine?.(pod.spec?.nodeName ?? '');
    },
  });
  const print = (stream: 'stdout' | 'stderr', now: () => number) =>
    log.sink(stream, now, (bytes) => {
      for (const tell of watchers) tell(stream, bytes);
    });
  const screen = print('stdout', () => times.own.time);
  const input = container.stdin !== true ? undefined : container.tty === true ? new TerminalSource(screen) : new Pipe();
  const problem = whyNot(makeBox(times.own), argv, env.get('PATH') ?? DEFAULT_PATH, cwd);
  if (problem !== undefined) return `${CAN_START}${problem}: unknown`;
  const process = new Process(
    (self) => {
      const out = (stream: 'stdout' | 'stderr') => print(stream, () => self.time);
      const stdin: Source = input ?? nothingIn;
      const box = makeBox(self);
      times.own = self;
      return runProgram(argv, {
        argv,
        env,
        cwd,
        io: { stdin, stdout: out('stdout'), stderr: container.tty === true ? out('stdout') : out('stderr') },
        box,
        isFirst: true,
        pending: (only) => (input instanceof TerminalSource && input.interrupted() ? 'INT' : self.pending(only)),
      });
    },
    startedAt,
    () => parts.ended?.(pod),
  );
  const instance: Instance = {
    id,
    pod,
    container,
    image,
    startedAt,
    log,
    files,
    env,
    cwd,
    process,
    listeners,
    termination,
    memory,
    argv,
    input,
    watchers,
    box: (own, terminal) => {
      times.beside = own;
      return makeBox(own, terminal);
    },
  };
  return instance;
}
