/** Steps: what a set-up does to a fresh cluster, and a probe to a copy of the learner's. */
import { z } from 'zod';
import { objectRef, oneOf } from './schema-parts.ts';

const duration = z
  .string()
  .regex(/^(\d+(ms|s|m|h))+$/, 'expected a duration such as 90s, 10m or 1h30m')
  .describe('A duration: 90s, 10m, 1h30m.');

/** What the API may refuse. */
const requests = {
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
} as const;

/** What happens to the cluster without anybody asking it. */
const happenings = {
  stop: { stop: z.string().describe('A node whose kubelet falls silent, as if the machine were lost.') },
  start: { start: z.string().describe('A node that was stopped.') },
  advance: { advance: duration.describe('Lets this much time pass in the cluster.') },
} as const;

const steps = { ...requests, ...happenings } as const;

/** The key that says what a step does. */
export const STEP_KINDS = Object.keys(steps);

export const setupStepSchema = oneOf(steps, {});

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

const probeSteps = {
  apply: { ...requests.apply, ...refused },
  delete: { ...requests.delete, ...refused },
  cordon: { ...requests.cordon, ...refused },
  uncordon: { ...requests.uncordon, ...refused },
  taint: { ...requests.taint, ...refused },
  label: { ...requests.label, ...refused },
  drain: { ...requests.drain, ...refused },
  ...happenings,
  exec,
} as const;

/** The key that says what a step of a trial does. */
export const PROBE_STEP_KINDS = Object.keys(probeSteps);

export const probeStepSchema = oneOf(probeSteps, {});

export type ProbeStepSource = z.infer<typeof probeStepSchema>;
export type SetupSource = z.infer<typeof setupStepSchema>;
