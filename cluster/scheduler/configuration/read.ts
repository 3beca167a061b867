/** The file behind kube-scheduler's --config: read as strictly as the real one does, and refused in its words. */
import { BodySyntaxError, parseBody } from '../../schema/body.ts';
import { makeProfiles, ConfigurationError } from './profiles.ts';
import type { Profile } from '../profile.ts';
import type { ProfileConfiguration, SchedulerConfiguration } from './types.ts';
import { asAggregate, configurationProblems } from './validation.ts';

const VERSION = 'kubescheduler.config.k8s.io/v1';
const KIND = 'KubeSchedulerConfiguration';
const SCHEME = 'pkg/runtime/scheme.go:111';

/** What a field holds: a scalar as Go names it, a list, a struct, or what is taken as it comes. */
type Type =
  | { go: string; scalar: 'string' | 'number' | 'boolean' }
  | { go: string; items: Type }
  | { go: string; fields: Readonly<Record<string, Type>> }
  | { go: string; any: true };

const text: Type = { go: 'string', scalar: 'string' };
const int32: Type = { go: 'int32', scalar: 'number' };
const int64: Type = { go: 'int64', scalar: 'number' };
const yes: Type = { go: 'bool', scalar: 'boolean' };
const duration: Type = { go: 'v1.Duration', any: true };
const anything = (go: string): Type => ({ go, any: true });
const struct = (go: string, fields: Readonly<Record<string, Type>>): Type => ({ go, fields });
const list = (items: Type): Type => ({ go: `[]${items.go}`, items });

const typeMeta = { apiVersion: text, kind: text };
const plugin = struct('v1.Plugin', { name: text, weight: int32 });
const pluginSet = struct('v1.PluginSet', { enabled: list(plugin), disabled: list(plugin) });
const POINTS = [
  'preEnqueue',
  'queueSort',
  'preFilter',
  'filter',
  'postFilter',
  'preScore',
  'score',
  'reserve',
  'permit',
  'preBind',
  'bind',
  'postBind',
  'multiPoint',
];
const profile = struct('v1.KubeSchedulerProfile', {
  schedulerName: text,
  percentageOfNodesToScore: int32,
  plugins: struct('v1.Plugins', Object.fromEntries(POINTS.map((point) => [point, pluginSet]))),
  pluginConfig: list(struct('v1.PluginConfig', { name: text, args: anything('runtime.RawExtension') })),
});
const CONFIGURATION = struct(`v1.${KIND}`, {
  ...typeMeta,
  parallelism: int32,
  leaderElection: struct('v1alpha1.LeaderElectionConfiguration', {
    leaderElect: yes,
    leaseDuration: duration,
    renewDeadline: duration,
    retryPeriod: duration,
    resourceLock: text,
    resourceName: text,
    resourceNamespace: text,
  }),
  clientConnection: struct('v1alpha1.ClientConnectionConfiguration', {
    kubeconfig: text,
    acceptContentTypes: text,
    contentType: text,
    qps: { go: 'float32', scalar: 'number' },
    burst: int32,
  }),
  enableProfiling: yes,
  enableContentionProfiling: yes,
  percentageOfNodesToScore: int32,
  podInitialBackoffSeconds: int64,
  podMaxBackoffSeconds: int64,
  profiles: list(profile),
  extenders: list(anything('v1.Extender')),
  delayCacheUntilActive: yes,
});

const resource = struct('v1.ResourceSpec', { name: text, weight: int64 });
const shapePoint = struct('v1.UtilizationShapePoint', { utilization: int32, score: int32 });
const args = (name: string, fields: Readonly<Record<string, Type>>): [string, Type] => [
  name,
  struct(`v1.${name}Args`, { ...typeMeta, ...fields }),
];
/** Plugins whose arguments the scheduler knows; those of others are not looked at. */
const ARGUMENTS = new Map<string, Type>([
  args('DefaultPreemption', { minCandidateNodesPercentage: int32, minCandidateNodesAbsolute: int32 }),
  args('DynamicResources', { filterTimeout: duration, bindingTimeout: duration }),
  args('InterPodAffinity', { hardPodAffinityWeight: int32, ignorePreferredTermsOfExistingPods: yes }),
  args('NodeAffinity', { addedAffinity: anything('v1.NodeAffinity') }),
  args('NodeResourcesBalancedAllocation', { resources: list(resource) }),
  args('NodeResourcesFit', {
    ignoredResources: list(text),
    ignoredResourceGroups: list(text),
    scoringStrategy: struct('v1.ScoringStrategy', {
      type: text,
      resources: list(resource),
      requestedToCapacityRatio: struct('v1.RequestedToCapacityRatioParam', { shape: list(shapePoint) }),
    }),
  }),
  args('PodTopologySpread', {
    defaultConstraints: list(anything('v1.TopologySpreadConstraint')),
    defaultingType: text,
  }),
  args('VolumeBinding', { bindTimeoutSeconds: int64, shape: list(shapePoint) }),
]);

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** As Go's JSON decoder names what it found. */
const kindOf = (value: unknown): string =>
  Array.isArray(value) ? 'array' : isFields(value) ? 'object' : typeof value === 'boolean' ? 'bool' : typeof value;

interface Place {
  /** Of the innermost struct: `Plugin`. */
  struct: string;
  /** From the root, positions left out. */
  fields: readonly string[];
  /** For unknown fields: `profiles[0].plugins`. */
  at: string;
}

/** Collects unknown fields in `unknown`. @throws ConfigurationError for a value of the wrong type */
function check(value: unknown, type: Type, place: Place, unknown: string[]): void {
  if (value === null || value === undefined || 'any' in type) return;
  const mismatch = () => {
    const field = place.struct === '' ? 'Go value' : `Go struct field ${place.struct}.${place.fields.join('.')}`;
    return new ConfigurationError(`json: cannot unmarshal ${kindOf(value)} into ${field} of type ${type.go}`);
  };
  if ('scalar' in type) {
    if (typeof value !== type.scalar) throw mismatch();
  } else if ('items' in type) {
    if (!Array.isArray(value)) throw mismatch();
    value.forEach((item, i) => check(item, type.items, { ...place, at: `${place.at}[${i}]` }, unknown));
  } else {
    if (!isFields(value)) throw mismatch();
    const name = type.go.slice(type.go.indexOf('.') + 1);
    for (const key of Object.keys(value).sort()) {
      const at = place.at === '' ? key : `${place.at}.${key}`;
      const inside = type.fields[key];
      if (!inside) unknown.push(`unknown field ${JSON.stringify(at)}`);
      else check(value[key], inside, { struct: name, fields: [...place.fields, key], at }, unknown);
    }
  }
}

const STRICT = 'strict decoding error: ';
const ROOT: Place = { struct: '', fields: [], at: '' };

function checkKind({ apiVersion, kind }: Fields, source: string): void {
  if (!kind) throw new ConfigurationError(`Object 'Kind' is missing in '${source}'`);
  if (!apiVersion) throw new ConfigurationError(`Object 'apiVersion' is missing in '${source}'`);
  if (apiVersion === VERSION && kind === KIND) return;
  throw notRegistered(kind, apiVersion);
}

const notRegistered = (kind: unknown, apiVersion: unknown) =>
  new ConfigurationError(
    `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme ${JSON.stringify(SCHEME)}`,
  );

/** Returns what is unknown in a plugin's arguments. @throws ConfigurationError */
function checkArguments({ name, args: given }: { name: string; args?: object }): string[] {
  const type = ARGUMENTS.get(name);
  if (!type || !isFields(given)) return [];
  const { apiVersion = VERSION, kind = `${name}Args` } = given;
  const about = `args for plugin ${name}`;
  if (apiVersion !== VERSION || !String(kind).endsWith('Args') || !ARGUMENTS.has(String(kind).slice(0, -4))) {
    throw new ConfigurationError(`decoding ${about}: ${notRegistered(kind, apiVersion).message}`);
  }
  if (kind !== `${name}Args`) {
    const named = (one: unknown) => `${String(one)}.kubescheduler.config.k8s.io`;
    throw new ConfigurationError(`${about} were not of type ${named(`${name}Args`)}, got ${named(kind)}`);
  }
  const unknown: string[] = [];
  try {
    check(given, type, ROOT, unknown);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new ConfigurationError(`decoding ${about}: ${error.message}`, { cause: error });
  }
  return unknown.length === 0 ? [] : [`${STRICT}decoding ${about}: ${STRICT}${unknown.join(', ')}`];
}

function readYaml(source: string): { value: unknown; repeated: readonly string[] } {
  try {
    const { json, problems } = parseBody(Buffer.from(source), 'application/yaml');
    return { value: json, repeated: problems };
  } catch (error) {
    if (!(error instanceof BodySyntaxError)) throw error;
    throw new ConfigurationError(error.message, { cause: error });
  }
}

function decode(source: string): SchedulerConfiguration {
  const { value, repeated } = readYaml(source);
  const fields = isFields(value) ? value : {};
  checkKind(fields, source);
  const problems: string[] = [...repeated];
  check(fields, CONFIGURATION, ROOT, problems);
  const profiles = (fields['profiles'] ?? []) as readonly ProfileConfiguration[];
  for (const [i, { pluginConfig = [] }] of profiles.entries()) {
    for (const [j, configured] of pluginConfig.entries()) {
      const where = `decoding .profiles[${i}].pluginConfig[${j}]: `;
      try {
        problems.push(...checkArguments(configured).map((problem) => where + problem));
      } catch (error) {
        if (!(error instanceof ConfigurationError)) throw error;
        throw new ConfigurationError(where + error.message, { cause: error });
      }
    }
  }
  if (problems.length > 0) throw new ConfigurationError(STRICT + problems.join(', '));
  return fields;
}

/** What a scheduler makes of its file. @throws ConfigurationError: it prints `Error: ` and the message, and stops */
export function readConfiguration(source: string): { configuration: SchedulerConfiguration; profiles: Profile[] } {
  const configuration = decode(source);
  const problem = asAggregate(configurationProblems(configuration));
  if (problem !== undefined) throw new ConfigurationError(problem);
  return { configuration, profiles: makeProfiles(configuration) };
}

/** The last words of a scheduler that can't start with this file; undefined: it can. `exists` is asked for the paths in it. */
export function configurationProblem(source: string, exists: (path: string) => boolean): string | undefined {
  try {
    const { kubeconfig = '' } = readConfiguration(source).configuration.clientConnection ?? {};
    return kubeconfig === '' || exists(kubeconfig) ? undefined : `stat ${kubeconfig}: no such file or directory`;
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
}
