/** The shapes of checks: what each kind of check is told in scenario.yaml. */
import { z } from 'zod';
import { apiVersion, id, kind, objectRef, oneOf, partialObject, text } from './schema-parts.ts';
import { probeStepSchema } from './schema-steps.ts';

const count = z.union([
  z.number().int().min(0).describe('Exactly that many.'),
  z
    .strictObject({ min: z.number().int().min(0).optional(), max: z.number().int().min(0).optional() })
    .describe('Bounds, both included.'),
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
  file: {
    file: z
      .strictObject({
        path: z
          .string()
          .regex(
            /^(?!\/|~)(?!(.*\/)?\.{1,2}(\/|$))[^\\]*[^\\/]$/,
            'expected a path from the home on, such as answers/pods.txt',
          )
          .describe("From the learner's home on: answers/pods.txt. The task calls it ~/answers/pods.txt."),
        text: z.string().min(1).optional().describe('These lines in this order, but for spaces and blank lines.'),
        lines: z
          .array(z.union([z.string().min(1), z.number()]))
          .min(1)
          .optional()
          .describe('These lines and no others, in any order unless "ordered" is true.'),
        ordered: z.boolean().optional(),
        json: z.unknown().optional().describe('Part of a JSON value, compared as "expect" is.'),
        yaml: z
          .unknown()
          .optional()
          .describe('Part of a YAML document, compared as "expect" is; of several documents one has to fit.'),
        matches: z
          .string()
          .min(1)
          .optional()
          .describe('A regular expression (RE2) that has to be found somewhere; ^ and $ are ends of lines.'),
        list: listRef
          .extend({
            where: partialObject.optional().describe('Only the objects of which this holds.'),
            show: z.array(z.string().min(1)).min(1).describe('Paths of what each line has to have: [metadata.name].'),
            sort: z
              .string()
              .min(1)
              .optional()
              .describe(
                'The path that the lines are sorted by, as by kubectl get --sort-by; with "-" before it from the largest down.',
              ),
          })
          .optional()
          .describe('One line for each of these objects; column names above them and more columns do no harm.'),
      })
      .describe('What the task asks to write into a file. With "path" alone: it is there and not empty.'),
  },
  unchanged: {
    unchanged: objectRef
      .extend({
        fields: z
          .array(z.string())
          .min(1)
          .optional()
          .describe('Paths that must be as they were: spec.template. Left out: the whole spec, labels and data.'),
        recreated: z
          .boolean()
          .optional()
          .describe('true: another object of this name that is the same will do. Left out: it has to be the original.'),
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

/** The key that says what a check is, where it stands inside another. */
export const BODY_KINDS = Object.keys(bodies);

const alternative = oneOf(bodies, {});

const holders = {
  any: {
    any: z.array(alternative).min(2).describe('Checks without id, points and sentence: one of them has to pass.'),
  },
  probe: {
    probe: z
      .array(probeStepSchema)
      .min(1)
      .describe("Tried on a copy of the learner's cluster, step after step; the cluster itself takes no notice."),
    after: z
      .array(alternative)
      .min(1)
      .optional()
      .describe('Checks without id, points and sentence of what the copy has come to: all of them have to pass.'),
  },
} as const;

const common = {
  id: id.describe('Names the check in mistakes and reports.'),
  points: z.number().int().min(1).max(20),
  sentence: text.describe('What has to hold, as the learner reads it in the check list.'),
  partial: z
    .boolean()
    .optional()
    .describe('true: points for the share of its demands that hold, rounded down. Left out: all or nothing.'),
  needs: z
    .array(id)
    .min(1)
    .optional()
    .describe(
      'Checks without which this one says nothing: while one of them fails, it fails too and says what it waits for.',
    ),
};

export const CHECK_KINDS = [...BODY_KINDS, ...Object.keys(holders)];

export const checkSchema = oneOf({ ...bodies, ...holders }, common);

export type CheckSource = z.infer<typeof checkSchema>;
export type CheckBody = z.infer<typeof alternative>;
