/** Types a recorded case's commands at one of our clusters with the real kubectl, and tells where the answers differ. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { serveCluster, type ServedCluster } from '#cluster/serve/served-cluster.ts';
import { comparableObject } from './comparable-object.ts';
import { normaliseDeep, normaliseSuffixes, normaliseText } from './normalise.ts';
import { inOneOrder, listInOneOrder } from './random-order.ts';
import { withoutStartingLines } from './stand-in-images.ts';

type Compared = 'exit' | 'stdout' | 'stderr' | 'state';

export interface RecordedStep {
  run: string;
  settle?: boolean;
  exit: number | string;
  stdout: string;
  stderr: string;
  stateOf?: string[];
  state?: Record<string, unknown>;
  /** What differed between two recordings of the real thing. */
  unstable?: Compared[];
}
export interface RecordedCase {
  name: string;
  area: string;
  file: string;
  /** `full`: what a kubelet reports is compared too. */
  pods?: string;
  files?: Record<string, unknown>;
  steps: RecordedStep[];
  stateOf?: string[];
  state?: Record<string, unknown>;
  unstable?: Compared[];
}

export interface Difference {
  /** Counted from 1; 0 for the state at the end. */
  step: number;
  run: string;
  what: Compared;
  expected: unknown;
  actual: unknown;
}
export interface CaseResult {
  name: string;
  area: string;
  steps: number;
  sameSteps: number;
  states: number;
  sameStates: number;
  differences: Difference[];
}

/**
 * After a command that changes something the recording looked again and again with kubectl until it had seen the same
 * LOOKS_ALIKE times more, or for LONGEST_REST_MS; a look and the pause after it took LOOK_MS.
 */
const LOOK_MS = 565;
const LOOKS_ALIKE = 3;
const LONGEST_REST_MS = 25_000;
/** After any command it asked for the names of owners; after one that changes nothing that is all. */
const GLANCE_MS = 150;
/**
 * A kubectl took this long where the recordings were made. What it takes longer on a busy machine is cluster time, too, and is taken
 * off the rest that follows, unless the command itself waits for something.
 */
const COMMAND_MS = 100;
const WAITS =
  /\b(?:wait|sleep|timeout|delete|drain|replace|status|exec|attach|logs|cp|port-forward|debug|helm|while|until|for)\b|-w\b|--watch|--rm/;
const HOUR_MS = 60 * 60 * 1000;
/**
 * Cluster time starts hours behind the wall, so that what passes between commands never lies in kubectl's future, and soon after a
 * full hour, so that no schedule of a CronJob comes due in one run and not in another.
 */
const startOfTime = () => Math.floor(Date.now() / HOUR_MS - 5) * HOUR_MS + 20_000;
const STEP_TIMEOUT_MS = 90_000;

/** One command that changes nothing needs no rest after it. */
const READ_ONLY =
  /^kubectl (?:-n \S+ )?(?:get|describe|explain|api-resources|api-versions|config|version|auth can-i|auth whoami|diff|logs|wait|rollout status|rollout history|cluster-info|create .*--dry-run|run .*--dry-run)\b[^\n;&|]*$/;

interface Ran {
  exit: number | string;
  stdout: string;
  stderr: string;
}

function shell(script: string, folder: string, tools: string, config = join(folder, 'config')): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', script], {
      cwd: folder,
      env: {
        PATH: `${tools}:${process.env['PATH'] ?? ''}`,
        HOME: folder,
        KUBECONFIG: config,
        LANG: 'C.UTF-8',
        KUBE_EDITOR: 'true',
      } as unknown as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: STEP_TIMEOUT_MS,
      killSignal: 'SIGKILL',
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    child.on('close', (code, signal) =>
      resolve({
        exit: code ?? `signal ${signal}`,
        stdout: Buffer.concat(out).toString(),
        stderr: Buffer.concat(err).toString(),
      }),
    );
  });
}

const OWNERS = [
  'deployments.apps',
  'replicasets.apps',
  'daemonsets.apps',
  'statefulsets.apps',
  'jobs.batch',
  'cronjobs.batch',
  'replicationcontrollers',
  'services',
];

/** What a recording looked at. */
const RESTING = [
  ...OWNERS,
  'pods',
  'namespaces',
  'persistentvolumes',
  'persistentvolumeclaims',
  'resourcequotas',
  'endpointslices.discovery.k8s.io',
  'nodes',
  'poddisruptionbudgets.policy',
  'horizontalpodautoscalers.autoscaling',
  'serviceaccounts',
  'configmaps',
  'certificatesigningrequests.certificates.k8s.io',
  'volumeattachments.storage.k8s.io',
];
/**
 * One of the names in that look (`endpointslices.discovery.k8s.io` is first read as version `discovery` of group `k8s.io`) made
 * kubectl ask anew which resources the server has, and keep the answer for the session's next command.
 */
const LOOK = 'kubectl get endpointslices.discovery.k8s.io -o name';
/** Objects that change that answer. */
const SERVING = ['customresourcedefinitions.apiextensions.k8s.io', 'apiservices.apiregistration.k8s.io'];

class CaseRun {
  readonly #served: ServedCluster;
  readonly #folder: string;
  readonly #tools: string;
  readonly #fullPods: boolean;
  /** A kubeconfig that no command of the session changes. */
  readonly #admin: string;
  #owners: string[] = [];
  #serving = '';
  /** Milliseconds that cluster time is ahead of the recording's. */
  #ahead = 0;

  constructor(served: ServedCluster, folder: string, tools: string, admin: string, fullPods: boolean) {
    this.#served = served;
    this.#folder = folder;
    this.#tools = tools;
    this.#admin = admin;
    this.#fullPods = fullPods;
  }

  async step({ run, settle }: RecordedStep): Promise<Ran> {
    // a recording slept in front of a command: the cluster's time can go by at once
    const [slept = '', seconds] = /^\s*sleep (\d+)\s*(?:;|&&|$)/.exec(run) ?? [];
    if (seconds !== undefined) this.#served.pass(Number(seconds) * 1000);
    const started = Date.now();
    const ran = await shell(run.slice(slept.length), this.#folder, this.#tools);
    const commands = WAITS.test(run) ? 0 : (run.match(/\bkubectl\b/g)?.length ?? 0);
    if (commands > 0) this.#ahead += Math.max(0, Date.now() - started - commands * COMMAND_MS);
    if (settle ?? !READ_ONLY.test(run.trim())) await this.#rest();
    this.#pass(GLANCE_MS);
    const names = OWNERS.flatMap((resource) =>
      this.#served.cluster.store.list(resource).map(({ metadata }) => metadata.name),
    );
    this.#owners = [...new Set([...this.#owners, ...names])].sort((a, b) => b.length - a.length);
    return { exit: ran.exit, stdout: this.comparable(ran.stdout), stderr: this.comparable(ran.stderr) };
  }

  #pass(ms: number): void {
    const taken = Math.min(ms, this.#ahead);
    this.#ahead -= taken;
    this.#served.pass(ms - taken);
  }

  #versions(resources: readonly string[]): string {
    const { store } = this.#served.cluster;
    return resources
      .flatMap((resource) =>
        store.list(resource).map(({ metadata: { uid, resourceVersion } }) => `${uid}${resourceVersion}`),
      )
      .join(' ');
  }

  async #rest(): Promise<void> {
    let before = this.#versions(RESTING);
    for (let passed = 0, alike = 0; alike < LOOKS_ALIKE && passed < LONGEST_REST_MS; passed += LOOK_MS) {
      this.#pass(LOOK_MS);
      const now = this.#versions(RESTING);
      alike = now === before ? alike + 1 : 0;
      before = now;
    }
    const serving = this.#versions(SERVING);
    if (serving !== this.#serving) await shell(LOOK, this.#folder, this.#tools, this.#admin);
    this.#serving = serving;
  }

  /** What was recorded passes through this too: a name that a command has rewritten looks like a drawn one on both sides. */
  comparable(text: string): string {
    return normaliseSuffixes(normaliseText(text).replaceAll(this.#folder, '<dir>'), this.#owners);
  }

  async state(queries: readonly string[]): Promise<Record<string, unknown>> {
    const found: Record<string, unknown> = {};
    for (const query of queries) {
      const { stdout, stderr } = await shell(`kubectl get ${query} -o json`, this.#folder, this.#tools);
      try {
        const answer = JSON.parse(stdout) as { items?: unknown[] };
        found[query] = (answer.items ?? [answer]).map((object) => comparableObject(object, this.#fullPods));
      } catch {
        // not JSON: a refusal, which is compared like any other answer
        found[query] = { error: stderr.trim() };
      }
    }
    return JSON.parse(normaliseSuffixes(normaliseText(JSON.stringify(found)), this.#owners)) as Record<string, unknown>;
  }
}

// rules may have been added since a recording was made, so both sides pass through them
const comparableLists = (state: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(normaliseDeep(state) as object).map(([query, objects]) => [query, listInOneOrder(objects)]),
  );
const sameState = (a: Record<string, unknown>, b: Record<string, unknown>) =>
  isDeepStrictEqual(comparableLists(a), comparableLists(b));

/**
 * A recording is one draw of what a cluster draws at random (which of equal nodes a pod gets, names, what is hashed with a
 * time in it): ours has answered as the real one when one of this many draws of ours has.
 */
const DRAWS = 6;

/** @param tools the folder of kubectl and helm */
export async function runCase(recorded: RecordedCase, tools: string): Promise<CaseResult> {
  const first = await drawCase(recorded, tools, 1);
  if (first.differences.length === 0) return first;
  for (let seed = 2; seed <= DRAWS; seed++) {
    const result = await drawCase(recorded, tools, seed);
    if (result.differences.length === 0) return result;
  }
  return first;
}

async function drawCase(recorded: RecordedCase, tools: string, seed: number): Promise<CaseResult> {
  const kubelet = recorded.area === 'kubelet';
  const faults: string[] = [];
  const served = await serveCluster({
    start: {
      now: startOfTime(),
      bare: true,
      seed,
      ...(kubelet ? { nodes: ['node01'] } : { kubelet: 'stand-in' }),
    },
    listen: { host: '127.0.0.1', port: 0 },
    onFault: (what, fault) => faults.push(`${what}: ${fault instanceof Error ? fault.stack : String(fault)}`),
  });
  const folder = mkdtempSync(join(tmpdir(), 'case-'));
  const admin = `${folder}.admin`;
  try {
    const address = served.address();
    const port = 'port' in address ? address.port : 0;
    const kubeconfig = served.kubeconfig(`https://127.0.0.1:${port}`);
    for (const file of [join(folder, 'config'), admin]) writeFileSync(file, kubeconfig);
    for (const [name, text] of Object.entries(recorded.files ?? {})) {
      writeFileSync(join(folder, name), typeof text === 'string' ? text : JSON.stringify(text));
    }
    return await play(recorded, new CaseRun(served, folder, tools, admin, recorded.pods === 'full'), faults);
  } finally {
    await served.close();
    for (const path of [folder, admin]) rmSync(path, { recursive: true, force: true });
  }
}

async function play(recorded: RecordedCase, run: CaseRun, faults: string[]): Promise<CaseResult> {
  const differences: Difference[] = [];
  const counts = { steps: 0, sameSteps: 0, states: 0, sameStates: 0 };
  const compareState = async (of: RecordedCase | RecordedStep, step: number, command: string) => {
    if (!of.state || !of.stateOf || of.unstable?.includes('state')) return;
    const actual = await run.state(of.stateOf);
    counts.states++;
    if (sameState(of.state, actual)) counts.sameStates++;
    else differences.push({ step, run: command, what: 'state', expected: of.state, actual });
  };
  for (const [index, step] of recorded.steps.entries()) {
    const ran = await run.step(step);
    const ordered = (told: number | string) =>
      typeof told === 'string' ? inOneOrder(step.run, withoutStartingLines(step.run, normaliseText(told))) : told;
    const alike = (recordedAs: number | string, actual: number | string) =>
      ordered(typeof recordedAs === 'string' ? run.comparable(recordedAs) : recordedAs) === ordered(actual);
    const differing = (['exit', 'stdout', 'stderr'] as const).filter(
      (what) => !step.unstable?.includes(what) && !alike(step[what], ran[what]),
    );
    counts.steps++;
    if (differing.length === 0) counts.sameSteps++;
    for (const what of differing) {
      differences.push({ step: index + 1, run: step.run, what, expected: step[what], actual: ran[what] });
    }
    await compareState(step, index + 1, step.run);
  }
  await compareState(recorded, 0, 'the state at the end');
  for (const fault of faults) {
    differences.push({ step: 0, run: 'a controller', what: 'state', expected: 'no fault', actual: fault });
  }
  return { name: recorded.name, area: recorded.area, ...counts, differences };
}
