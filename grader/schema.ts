/** The format of scenario.yaml, version 1. The published JSON Schema and the reader's errors both come from here. */
import { z } from 'zod';

const id = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected lower-case words joined by "-"')
  .describe('Lower-case words joined by "-".');

const text = z
  .strictObject({
    en: z.string().min(1).describe('English.'),
    ko: z.string().min(1).describe('Korean.'),
  })
  .describe('A text that learners read, in both languages.');

const kind = z.string().min(1).describe('The kind, as in a manifest: ResourceQuota.');
const apiVersion = z
  .string()
  .optional()
  .describe('Only needed where two API groups have the kind, as for HorizontalPodAutoscaler.');

const objectRef = z.strictObject({
  apiVersion,
  kind,
  name: z.string().min(1),
  namespace: z.string().optional().describe('Left out for cluster-scoped kinds; default for others.'),
});

const partialObject = z
  .record(z.string(), z.unknown())
  .describe(
    'Part of an object. Every field given here must be there with that meaning: 1000m is 1, lists of objects may have more entries, lists of words must have the same words in any order, null says that nothing may be there.',
  );

const count = z.union([
  z.number().int().min(0).describe('Exactly that many.'),
  z
    .strictObject({ min: z.number().int().min(0).optional(), max: z.number().int().min(0).optional() })
    .describe('Bounds, both included.'),
]);

const common = {
  id: id.describe('Names the check in mistakes and reports.'),
  points: z.number().int().min(1).max(20),
  sentence: text.describe('What has to hold, as the learner reads it in the check list.'),
};

/** The key that says what a check is, in the order of the alternatives below. */
export const CHECK_KINDS = ['object', 'missing', 'list', 'unchanged'] as const;

export const checkSchema = z.union([
  z.strictObject({
    ...common,
    object: objectRef.describe('One object that has to be there.'),
    expect: partialObject.optional(),
    absent: z
      .array(z.string())
      .optional()
      .describe('Paths of what must not be set: spec.unschedulable, spec.taints[key=maintenance].'),
  }),
  z.strictObject({
    ...common,
    missing: objectRef.describe('One object that must not be there.'),
  }),
  z.strictObject({
    ...common,
    list: z.strictObject({
      apiVersion,
      kind,
      namespace: z.string().optional().describe('Left out: all namespaces.'),
      selector: z.string().optional().describe('Labels, as for kubectl -l: app=web,tier!=db.'),
      where: partialObject.optional().describe('Counts only the objects of which this holds.'),
    }),
    count,
  }),
  z.strictObject({
    ...common,
    unchanged: objectRef
      .extend({
        fields: z
          .array(z.string())
          .min(1)
          .optional()
          .describe('Paths that must be as they were: spec.template. Left out: the whole spec, labels and data.'),
      })
      .describe('An object that must be there as it was at the start.'),
  }),
]);

const duration = z
  .string()
  .regex(/^(\d+(ms|s|m|h))+$/, 'expected a duration such as 90s, 10m or 1h30m')
  .describe('A duration: 90s, 10m, 1h30m.');

/** The key that says what a step does, in the order of the alternatives below. */
export const STEP_KINDS = ['apply', 'cordon', 'uncordon', 'taint', 'label', 'advance'] as const;

export const setupStepSchema = z.union([
  z.strictObject({ apply: z.string().min(1).describe("A manifest in the scenario's folder: setup/namespace.yaml.") }),
  z.strictObject({ cordon: z.string().describe('A node.') }),
  z.strictObject({ uncordon: z.string().describe('A node.') }),
  z.strictObject({
    taint: z.strictObject({
      node: z.string(),
      key: z.string(),
      value: z.string().optional(),
      effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']),
    }),
  }),
  z.strictObject({ label: z.strictObject({ node: z.string(), labels: z.record(z.string(), z.string()) }) }),
  z.strictObject({ advance: duration.describe('Lets this much time pass in the cluster.') }),
]);

export const scenarioSchema = z.strictObject({
  version: z.literal(1).describe('The version of this format.'),
  title: text,
  domain: z
    .enum(['storage', 'troubleshooting', 'workloads-and-scheduling', 'cluster-architecture', 'services-and-networking'])
    .describe("The CKA curriculum's domain."),
  competencies: z.array(z.string().min(1)).min(1).describe("Lines of the CKA curriculum, in the curriculum's words."),
  difficulty: z.enum(['easy', 'medium', 'hard']),
  minutes: z.number().int().min(1).max(60).describe('What a prepared candidate needs.'),
  nodes: z
    .array(z.string())
    .min(1)
    .default(['controlplane', 'node01', 'node02'])
    .describe("Names of the cluster's nodes."),
  setup: z.array(setupStepSchema).default([]).describe('Steps to the starting state, in order.'),
  checks: z.array(checkSchema).min(1),
  hints: z.array(text).default([]).describe('From the gentlest to the plainest; never the whole answer.'),
  links: z
    .array(
      z.strictObject({
        title: z.string().min(1),
        url: z
          .string()
          .regex(
            /^https:\/\/(kubernetes\.io|helm\.sh|gateway-api\.sigs\.k8s\.io)\//,
            'only kubernetes.io, helm.sh and gateway-api.sigs.k8s.io are open in the exam',
          ),
      }),
    )
    .default([])
    .describe('Pages that are open during the exam.'),
  mistakes: z
    .record(id, z.array(id).min(1))
    .default({})
    .describe('For each script mistakes/<name>.sh the checks that must fail after it, and no others.'),
});

export type ScenarioSource = z.infer<typeof scenarioSchema>;
export type CheckSource = z.infer<typeof checkSchema>;
export type SetupSource = z.infer<typeof setupStepSchema>;
export type ObjectRef = z.infer<typeof objectRef>;

/** For editors: completion and descriptions while writing. */
export const scenarioJsonSchema = (): object => ({
  $id: 'scenario.schema.json',
  title: 'Drydock scenario, version 1',
  ...z.toJSONSchema(scenarioSchema, { io: 'input' }),
});
