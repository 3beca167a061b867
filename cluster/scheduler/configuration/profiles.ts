/** From a configuration to profiles: which plugins are asked where, as the real scheduler joins defaults and what is configured. */
import type { Plugin } from '../framework.ts';
import { pluginKinds } from '../plugins/index.ts';
import { EXTENSION_POINTS, type ExtensionPoint, type Profile } from '../profile.ts';
import type { PluginRef, PluginSet, ProfileConfiguration, SchedulerConfiguration, VolumeBindingArgs } from './types.ts';
import { argumentProblem } from './validation.ts';

export const DEFAULT_SCHEDULER = 'default-scheduler';
/** Seconds: how long volumes may take to be bound for a pod. */
const BIND_TIMEOUT = 600;
/** Go's largest int: scores of all plugins together may not come over it. */
const MAX_TOTAL_SCORE = 2 ** 63;

/** A configuration that no scheduler can be made of; the message is the real one's. */
export class ConfigurationError extends Error {}

const DEFAULTS: readonly PluginRef[] = [...pluginKinds].map(([name, { weight }]) => ({
  name,
  ...(weight === undefined ? {} : { weight }),
}));

/** The defaults for all points, without those that are disabled and with those that are reconfigured in their places. */
function multiPoint({ enabled = [], disabled = [] }: PluginSet = {}): PluginRef[] {
  const off = new Set(disabled.map(({ name }) => name));
  const own = new Map(enabled.map((ref) => [ref.name, ref]));
  const kept = off.has('*') ? [] : DEFAULTS.filter(({ name }) => !off.has(name));
  const replaced = new Set(kept.map(({ name }) => name).filter((name) => own.has(name)));
  return [...kept.map((ref) => own.get(ref.name) ?? ref), ...enabled.filter(({ name }) => !replaced.has(name))];
}

const goName = (point: ExtensionPoint) => `${point.charAt(0).toUpperCase()}${point.slice(1)}Plugin`;

/** The plugins asked at one point, in order. @throws ConfigurationError */
function pluginsAt(point: ExtensionPoint, own: PluginSet, everywhere: readonly PluginRef[]): string[] {
  const enabled = (own.enabled ?? []).map(({ name }) => name);
  const off = new Set((own.disabled ?? []).map(({ name }) => name));
  if (off.has('*')) return enabled;
  const multi: string[] = [];
  for (const { name } of everywhere) {
    const kind = pluginKinds.get(name);
    if (!kind) throw new ConfigurationError(`${goName(point)} ${JSON.stringify(name)} does not exist`);
    if (!kind.at.includes(point) || off.has(name) || enabled.includes(name)) continue;
    if (multi.includes(name)) throw alreadyThere(name, point);
    multi.push(name);
  }
  const anywhere = new Set(everywhere.map(({ name }) => name));
  const overridden = enabled.filter((name) => anywhere.has(name));
  return [...overridden, ...multi, ...enabled.filter((name) => !anywhere.has(name))];
}

const alreadyThere = (name: string, point: ExtensionPoint) =>
  new ConfigurationError(`plugin ${JSON.stringify(name)} already registered as ${JSON.stringify(goName(point))}`);

/** What is named for one point exists, belongs there, and is named once. @throws ConfigurationError */
function checkNamed(point: ExtensionPoint, { enabled = [] }: PluginSet): void {
  const seen = new Set<string>();
  for (const { name } of enabled) {
    const kind = pluginKinds.get(name);
    const quoted = JSON.stringify(name);
    if (!kind) throw new ConfigurationError(`${goName(point)} ${quoted} does not exist`);
    if (!kind.at.includes(point))
      throw new ConfigurationError(`plugin ${quoted} does not extend ${goName(point)} plugin`);
    if (seen.has(name)) throw alreadyThere(name, point);
    seen.add(name);
  }
}

/** The weight that is set for scoring wins over that set for all points; without one, a plugin counts once. */
function weightsOf(refs: readonly PluginRef[]): Map<string, number> {
  const weights = new Map<string, number>();
  let total = 0;
  for (const { name, weight } of refs) {
    if (weights.has(name)) continue;
    const own = weight || 1;
    weights.set(name, own);
    const most = 100 * own;
    if (most > MAX_TOTAL_SCORE - total || own < 0) {
      throw new ConfigurationError('total score of Score plugins could overflow');
    }
    total += most;
  }
  return weights;
}

/** @throws ConfigurationError */
function makeProfile(configured: ProfileConfiguration, percentageOfNodesToScore: number): Profile {
  const { schedulerName = DEFAULT_SCHEDULER, plugins = {}, pluginConfig = [] } = configured;
  const argsOf = (name: string) => pluginConfig.find((one) => one.name === name)?.args;
  const everywhere = multiPoint(plugins['multiPoint']);
  const own = (point: ExtensionPoint): PluginSet => plugins[point] ?? {};
  const problem = argumentProblem('NodeResourcesFit', argsOf('NodeResourcesFit'));
  if (problem) throw new ConfigurationError(`initializing plugin "NodeResourcesFit": ${problem}`);
  for (const point of EXTENSION_POINTS) checkNamed(point, own(point));
  const names = new Map(EXTENSION_POINTS.map((point) => [point, pluginsAt(point, own(point), everywhere)]));
  const quoted = JSON.stringify(schedulerName);
  const sorting = names.get('queueSort')?.length ?? 0;
  if (sorting !== 1) {
    throw new ConfigurationError(
      `only one queue sort plugin required for profile with scheduler name ${quoted}, but got ${sorting}`,
    );
  }
  if (names.get('bind')?.length === 0) {
    throw new ConfigurationError(`at least one bind plugin is needed for profile with scheduler name ${quoted}`);
  }
  const weights = weightsOf([...(own('score').enabled ?? []), ...everywhere]);
  const made = new Map<string, Plugin | undefined>();
  const makeOnce = (name: string): Plugin | undefined => {
    if (!made.has(name)) made.set(name, pluginKinds.get(name)?.make?.(argsOf(name)));
    return made.get(name);
  };
  const at = (point: ExtensionPoint): Plugin[] => (names.get(point) ?? []).flatMap((name) => makeOnce(name) ?? []);
  const { bindTimeoutSeconds = BIND_TIMEOUT }: VolumeBindingArgs = argsOf('VolumeBinding') ?? {};
  return {
    schedulerName,
    preEnqueue: at('preEnqueue'),
    preFilter: at('preFilter'),
    filter: at('filter'),
    postFilter: names.get('postFilter') ?? [],
    score: at('score').map((plugin) => ({ plugin, weight: weights.get(plugin.name) ?? 1 })),
    percentageOfNodesToScore: configured.percentageOfNodesToScore ?? percentageOfNodesToScore,
    bindTimeoutMs: bindTimeoutSeconds * 1000,
  };
}

/** @throws ConfigurationError in the words of a scheduler that stops for it */
export function makeProfiles({ profiles = [], percentageOfNodesToScore = 0 }: SchedulerConfiguration): Profile[] {
  const configured: readonly ProfileConfiguration[] = profiles.length > 0 ? profiles : [{}];
  return configured.map((profile) => {
    try {
      return makeProfile(profile, percentageOfNodesToScore);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      const name = profile.schedulerName ?? DEFAULT_SCHEDULER;
      const where = `initializing profiles: creating profile for scheduler name ${name}`;
      throw new ConfigurationError(`${where}: ${error.message}`, { cause: error });
    }
  });
}

/** The profile of a scheduler without a configuration. */
export const defaultProfile: Profile = makeProfile({}, 0);
