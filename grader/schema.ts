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

const duration = z
  .string()
  .regex(/^(\d+(ms|s|m|h))+$/, 'expected a duration such as 90s, 10m or 1h30m')
  .describe('A duration: 90s, 10m, 1h30m.');

/** What a step does, by its key. */
const steps = {
  apply: { apply: z.string().min(1).describe("A manifest in the scenario's folder: setup/namespace.yaml.") },
  delete: { delete: objectRef.describe('An object that is there.') },
  cordon: { cordon: z.string().describe('A node.') },
  uncordon: { uncordon: z.string().describe('A node.') },
  taint: {
    taint: z.strictObject({
      node: z.string(),
      key: z.string(),
      value: z.string().optional(),
      effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']),
    }),
  },
  label: { label: z.strictObject({ node: z.string(), labels: z.record(z.string(), z.string()) }) },
  drain: {
    drain: z
      .string()
      .describe('A node: its pods are evicted as by kubectl drain --ignore-daemonsets --force --delete-emptydir-data.'),
  },
  stop: { stop: z.string().describe('A node whose kubelet falls silent, as if the machine were lost.') },
  start: { start: z.string().describe('A node that was stopped.') },
  advance: { advance: duration.describe('Lets this much time pass in the cluster.') },
} as const;

/** The key that says what a step does, in the order of the alternatives below. */
export const STEP_KINDS = [
  'apply',
  'delete',
  'cordon',
  'uncordon',
  'taint',
  'label',
  'drain',
  'stop',
  'start',
  'advance',
] as const;

export const setupStepSchema = z.union([
  z.strictObject(steps.apply),
  z.strictObject(steps.delete),
  z.strictObject(steps.cordon),
  z.strictObject(steps.uncordon),
  z.strictObject(steps.taint),
  z.strictObject(steps.label),
  z.strictObject(steps.drain),
  z.strictObject(steps.stop),
  z.strictObject(steps.start),
  z.strictObject(steps.advance),
]);

const refused = {
  refused: z
    .union([z.literal(true), z.string().min(1)])
    .optional()
    .describe(
      'The step has to be refused; a text has to be in the sentence: exceeded quota. Left out: it has to be done.',
    ),
};

const exec = {
  exec: z
    .strictObject({
      namespace: z.string().min(1),
      pod: z.string().min(1).optional().describe('By name, or by "selector": the first that runs.'),
      selector: z.string().min(1).optional(),
      container: z.string().min(1).optional().describe('Left out: the first.'),
      command: z.array(z.string()).min(1),
    })
    .describe('A command in a container.'),
  prints: z.string().min(1).optional().describe('It has to succeed, and this has to be in what it prints.'),
  fails: z
    .union([z.literal(true), z.string().min(1)])
    .optional()
    .describe('It has to fail; a text has to be in what it prints: timed out. Left out: it has to succeed.'),
};

/** The key that says what a step of a trial does, in the order of the alternatives below. */
export const PROBE_STEP_KINDS = [...STEP_KINDS, 'exec'] as const;

export const probeStepSchema = z.union([
  z.strictObject({ ...steps.apply, ...refused }),
  z.strictObject({ ...steps.delete, ...refused }),
  z.strictObject({ ...steps.cordon, ...refused }),
  z.strictObject({ ...steps.uncordon, ...refused }),
  z.strictObject({ ...steps.taint, ...refused }),
  z.strictObject({ ...steps.label, ...refused }),
  z.strictObject({ ...steps.drain, ...refused }),
  z.strictObject(steps.stop),
  z.strictObject(steps.start),
  z.strictObject(steps.advance),
  z.strictObject(exec),
]);

const listRef = z.strictObject({
  apiVersion,
  kind,
  namespace: z.string().optional().describe('Left out: all namespaces.'),
  selector: z.string().optional().describe('Labels, as for kubectl -l: app=web,tier!=db.'),
});

const accessReview = z.strictObject({
  user: z.string().min(1).optional().describe('A name: jane. Or a ServiceAccount by "serviceAccount".'),
  serviceAccount: z
    .string()
    .regex(/^[^/\s]+\/[^/\s]+$/, 'expected <namespace>/<name>')
    .optional()
    .describe('<namespace>/<name>: apps/deployer.'),
  groups: z.array(z.string().min(1)).optional().describe('Groups besides those that everybody is in.'),
  verbs: z
    .array(z.string().min(1))
    .min(1)
    .describe('get, list, watch, create, update, patch, delete, ...: each of them.'),
  resource: z.string().min(1).optional().describe('As for kubectl auth can-i: pods, deployments.apps, pods/log.'),
  name: z.string().min(1).optional().describe('Of one object; left out: of any.'),
  namespace: z.string().min(1).optional().describe('Left out: in all namespaces, or where the resource has none.'),
  url: z.string().startsWith('/').optional().describe('A path that is no resource, instead of "resource": /healthz.'),
});

/** What a check looks at, by the key that says which kind of check it is; sorted as learners' authors meet them in the docs. */
const bodies = {
  object: {
    object: objectRef.describe('One object that has to be there.'),
    expect: partialObject.optional(),
    absent: z
      .array(z.string())
      .optional()
      .describe('Paths of what must not be set: spec.unschedulable, spec.taints[key=maintenance].'),
  },
  missing: {
    missing: objectRef.describe('One object that must not be there.'),
  },
  list: {
    list: listRef.extend({ where: partialObject.optional().describe('Counts only the objects of which this holds.') }),
    count,
  },
  unchanged: {
    unchanged: objectRef
      .extend({
        fields: z
          .array(z.string())
          .min(1)
          .optional()
          .describe('Paths that must be as they were: spec.template. Left out: the whole spec, labels and data.'),
      })
      .describe('An object that must be there as it was at the start.'),
  },
  can: {
    can: accessReview.describe('Who may do what, as RBAC decides it.'),
    allowed: z.boolean().default(true).describe('false: none of it may be allowed.'),
  },
  cel: {
    cel: z
      .string()
      .min(1)
      .describe('An expression of CEL that has to be true: pods.all(p, p.spec.nodeName == "node01").'),
    with: z
      .record(
        z.string().regex(/^[a-z][A-Za-z0-9_]*$/, 'expected a name such as pods or firstPod'),
        listRef.extend({
          name: z.string().min(1).optional().describe('One object, which has to be there; left out: a list.'),
          at: z.enum(['now', 'start']).default('now').describe('start: as it was before the learner did anything.'),
        }),
      )
      .describe('What the names in the expression stand for.'),
    show: z
      .string()
      .min(1)
      .optional()
      .describe('An expression for what is told as found when it does not hold: string(size(pods)) + " pods".'),
  },
  events: {
    events: z
      .strictObject({
        namespace: z.string().optional().describe('Left out: all namespaces.'),
        about: z.strictObject({ kind, name: z.string().min(1).optional() }).optional(),
        reason: z.string().min(1).optional().describe('FailedScheduling, Killing, ...'),
        type: z.enum(['Normal', 'Warning']).optional(),
        message: z.string().min(1).optional().describe('A part of the sentence.'),
      })
      .describe('Events that the cluster has written.'),
    count: count.default({ min: 1 }),
  },
  revision: {
    revision: objectRef
      .extend({
        kind: z.enum(['Deployment', 'StatefulSet', 'DaemonSet']),
        is: z.number().int().min(1).describe('The number in kubectl rollout history, as it was at the start.'),
      })
      .describe('A workload that runs the pod template of that revision: rolled back to it, however.'),
  },
} as const;

/** The key that says what a check is, in the order of the alternatives below. */
export const BODY_KINDS = ['object', 'missing', 'list', 'unchanged', 'can', 'cel', 'events', 'revision'] as const;
export const CHECK_KINDS = [...BODY_KINDS, 'any', 'probe'] as const;

const alternative = z.union([
  z.strictObject(bodies.object),
  z.strictObject(bodies.missing),
  z.strictObject(bodies.list),
  z.strictObject(bodies.unchanged),
  z.strictObject(bodies.can),
  z.strictObject(bodies.cel),
  z.strictObject(bodies.events),
  z.strictObject(bodies.revision),
]);

export const checkSchema = z.union([
  z.strictObject({ ...common, ...bodies.object }),
  z.strictObject({ ...common, ...bodies.missing }),
  z.strictObject({ ...common, ...bodies.list }),
  z.strictObject({ ...common, ...bodies.unchanged }),
  z.strictObject({ ...common, ...bodies.can }),
  z.strictObject({ ...common, ...bodies.cel }),
  z.strictObject({ ...common, ...bodies.events }),
  z.strictObject({ ...common, ...bodies.revision }),
  z.strictObject({
    ...common,
    any: z.array(alternative).min(2).describe('Checks without id, points and sentence: one of them has to pass.'),
  }),
  z.strictObject({
    ...common,
    probe: z
      .array(probeStepSchema)
      .min(1)
      .describe("Tried on a copy of the learner's cluster, step after step; the cluster itself takes no notice."),
    after: z
      .array(alternative)
      .min(1)
      .optional()
      .describe('Checks without id, points and sentence of what the copy has come to: all of them have to pass.'),
  }),
]);

const scalar = z.union([z.string(), z.number()]);

const parametersSchema = z
  .record(
    z.string().regex(/^[a-z][A-Za-z0-9_-]*$/, 'expected a name such as team or podCount'),
    z.union([
      z.array(scalar).min(2).describe('One of these.'),
      z
        .array(z.record(z.string(), scalar))
        .min(2)
        .describe('One of these, its parts by {{name.part}}: what belongs together.'),
      z
        .strictObject({ min: z.number(), max: z.number(), step: z.number().positive().optional() })
        .describe('A number of this range, both ends included.'),
    ]),
  )
  .default({})
  .describe(
    'What differs from one learner to the next, drawn by a seed. {{name}} stands for it in every file of this folder; the first choice is what you see while writing.',
  );

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
  parameters: parametersSchema,
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
export type CheckBody = z.infer<typeof alternative>;
export type ProbeStepSource = z.infer<typeof probeStepSchema>;
export type SetupSource = z.infer<typeof setupStepSchema>;
export type ObjectRef = z.infer<typeof objectRef>;

/** For editors: completion and descriptions while writing. */
export const scenarioJsonSchema = (): object => ({
  $id: 'scenario.schema.json',
  title: 'Drydock scenario, version 1',
  ...z.toJSONSchema(scenarioSchema, { io: 'input' }),
});
