import { describe, expect, test } from '@jest/globals';
import { ConfigurationError } from './profiles.ts';
import { configurationProblem, readConfiguration } from './read.ts';

const HEAD = 'apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n';
const profile = (text: string) => `${HEAD}profiles: [{schedulerName: a, ${text}}]\n`;
const problemOf = (source: string) => configurationProblem(source, () => true);
const creating = 'initializing profiles: creating profile for scheduler name a: ';

// what kube-scheduler 1.35.4 printed for these files
describe('a file that a scheduler stops for', () => {
  test.each([
    ['YAML that is none', 'apiVersion: [\nkind: x\n', "yaml: line 2: did not find expected ',' or ']'"],
    [
      'an older version',
      'apiVersion: kubescheduler.config.k8s.io/v1beta3\nkind: KubeSchedulerConfiguration\n',
      'no kind "KubeSchedulerConfiguration" is registered for version "kubescheduler.config.k8s.io/v1beta3" in scheme "pkg/runtime/scheme.go:111"',
    ],
    [
      'fields that there are not',
      `${HEAD}foo: 1\nbar: {x: 1}\n`,
      'strict decoding error: unknown field "bar", unknown field "foo"',
    ],
    [
      'a map for a list',
      `${HEAD}profiles: {schedulerName: a}\n`,
      'json: cannot unmarshal object into Go struct field KubeSchedulerConfiguration.profiles of type []v1.KubeSchedulerProfile',
    ],
    [
      'a word for a weight',
      profile('plugins: {score: {enabled: [{name: ImageLocality, weight: big}]}}'),
      'json: cannot unmarshal string into Go struct field Plugin.profiles.plugins.score.enabled.weight of type int32',
    ],
    [
      'several numbers out of range',
      `${HEAD}percentageOfNodesToScore: 150\npodInitialBackoffSeconds: 0\nparallelism: -1\n`,
      '[parallelism: Invalid value: -1: should be an integer value greater than zero, percentageOfNodesToScore: Invalid value: 150: not in valid range [0-100], podInitialBackoffSeconds: Invalid value: 0: must be greater than 0]',
    ],
    [
      'a name twice',
      `${HEAD}profiles: [{schedulerName: a}, {schedulerName: a}]\n`,
      'profiles[1].schedulerName: Duplicate value: {}',
    ],
    [
      'a second profile without a name',
      `${HEAD}profiles: [{schedulerName: a}, {}]\n`,
      'profiles[1].schedulerName: Required value',
    ],
    [
      'a plugin that there is not',
      profile('plugins: {multiPoint: {enabled: [{name: Nope}]}}'),
      `${creating}PreFilterPlugin "Nope" does not exist`,
    ],
    [
      'a plugin in the wrong place',
      profile('plugins: {score: {enabled: [{name: NodeName}]}}'),
      `${creating}plugin "NodeName" does not extend ScorePlugin plugin`,
    ],
    [
      'a plugin twice',
      profile('plugins: {score: {enabled: [{name: NodeResourcesFit}, {name: NodeResourcesFit}]}}'),
      `${creating}plugin "NodeResourcesFit" already registered as "ScorePlugin"`,
    ],
    [
      'no plugin that binds',
      profile('plugins: {bind: {disabled: [{name: "*"}]}}'),
      `${creating}at least one bind plugin is needed for profile with scheduler name "a"`,
    ],
    [
      'a weight below zero',
      profile('plugins: {score: {enabled: [{name: ImageLocality, weight: -1}]}}'),
      `${creating}total score of Score plugins could overflow`,
    ],
    [
      'a strategy that there is not',
      profile('pluginConfig: [{name: NodeResourcesFit, args: {scoringStrategy: {type: Most}}}]'),
      `${creating}initializing plugin "NodeResourcesFit": scoringStrategy.type: Unsupported value: "Most": supported values: "LeastAllocated", "MostAllocated", "RequestedToCapacityRatio"`,
    ],
    [
      'arguments with a field that there is not',
      profile('pluginConfig: [{name: NodeResourcesFit, args: {scoringStrateg: {}}}]'),
      'strict decoding error: decoding .profiles[0].pluginConfig[0]: strict decoding error: decoding args for plugin NodeResourcesFit: strict decoding error: unknown field "scoringStrateg"',
    ],
    [
      'the arguments of another plugin',
      profile(
        'pluginConfig: [{name: NodeResourcesFit, args: {apiVersion: kubescheduler.config.k8s.io/v1, kind: PodTopologySpreadArgs}}]',
      ),
      'decoding .profiles[0].pluginConfig[0]: args for plugin NodeResourcesFit were not of type NodeResourcesFitArgs.kubescheduler.config.k8s.io, got PodTopologySpreadArgs.kubescheduler.config.k8s.io',
    ],
    [
      'constraints beside those of the system',
      profile(
        'pluginConfig: [{name: PodTopologySpread, args: {defaultConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway}]}}]',
      ),
      'profiles[0].pluginConfig[0].args.defaultingType: Invalid value: "System": when .defaultConstraints are not empty',
    ],
  ])('%s', (_what, source, sentence) => {
    expect(problemOf(source)).toBe(sentence);
    expect(() => readConfiguration(source)).toThrow(ConfigurationError);
  });

  test('a kubeconfig that is not there', () => {
    const source = `${HEAD}clientConnection: {kubeconfig: /nope/scheduler.conf}\n`;
    expect(configurationProblem(source, () => false)).toBe('stat /nope/scheduler.conf: no such file or directory');
    expect(problemOf(source)).toBeUndefined();
  });
});

describe('profiles', () => {
  const only = (text: string) => readConfiguration(profile(text)).profiles[0];
  const scored = (text: string) => (only(text)?.score ?? []).map(({ plugin, weight }) => `${plugin.name} ${weight}`);

  test('by default all plugins are asked, with their weights', () => {
    expect(readConfiguration(HEAD).profiles.map(({ schedulerName }) => schedulerName)).toEqual(['default-scheduler']);
    expect(scored('plugins: {}')).toEqual([
      'TaintToleration 3',
      'NodeAffinity 2',
      'NodeResourcesFit 1',
      'VolumeBinding 1',
      'PodTopologySpread 2',
      'InterPodAffinity 2',
      'DynamicResources 2',
      'NodeResourcesBalancedAllocation 1',
      'ImageLocality 1',
    ]);
  });

  test('what is configured for scoring comes first; what is disabled is not asked', () => {
    expect(
      scored(
        'plugins: {score: {enabled: [{name: ImageLocality, weight: 5}], disabled: [{name: NodeAffinity}]}, multiPoint: {disabled: [{name: InterPodAffinity}, {name: PodTopologySpread}]}}',
      ),
    ).toEqual([
      'ImageLocality 5',
      'TaintToleration 3',
      'NodeResourcesFit 1',
      'VolumeBinding 1',
      'DynamicResources 2',
      'NodeResourcesBalancedAllocation 1',
    ]);
  });

  test('all of one point can be put off, and some put back', () => {
    const some = only('plugins: {filter: {disabled: [{name: "*"}], enabled: [{name: NodeName}]}}');
    expect(some?.filter.map(({ name }) => name)).toEqual(['NodeName']);
    expect(some?.preFilter.length).toBeGreaterThan(3);
  });
});
