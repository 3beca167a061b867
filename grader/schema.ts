/** The format of scenario.yaml, version 1. The published JSON Schema and the reader's errors both come from here. */
import { z } from 'zod';
import { COMPETENCIES, DOMAINS } from './curriculum.ts';
import { checkSchema } from './schema-checks.ts';
import { id, text } from './schema-parts.ts';
import { setupStepSchema } from './schema-steps.ts';

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

/** Where pages are that may be opened during the exam. */
const OPEN_PAGES = /^https:\/\/(kubernetes\.io|helm\.sh|gateway-api\.sigs\.k8s\.io)\//;
export const OPEN_IN_EXAM = 'only kubernetes.io, helm.sh and gateway-api.sigs.k8s.io are open in the exam';
export const isOpenInExam = (url: string): boolean => OPEN_PAGES.test(url);

export const scenarioSchema = z.strictObject({
  version: z.literal(1).describe('The version of this format.'),
  title: text,
  domain: z.enum(DOMAINS).describe("The CKA curriculum's domain."),
  competencies: z
    .array(z.enum(COMPETENCIES))
    .min(1)
    .describe("Lines of the CKA curriculum, in the curriculum's words; the first one counts for progress."),
  difficulty: z
    .literal([1, 2, 3, 4, 5])
    .describe('1: one command that everybody knows; 3: as most of the exam; 5: several causes, found step by step.'),
  minutes: z.number().int().min(1).max(60).describe('What a prepared candidate needs.'),
  host: z
    .string()
    .max(63)
    .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'expected a host name such as cka7051')
    .optional()
    .describe('The host that leads to this cluster in an exam, as in ssh cka7051. Left out: the exam names one.'),
  nodes: z
    .array(z.string())
    .min(1)
    .default(['controlplane', 'node01', 'node02'])
    .describe("Names of the cluster's nodes."),
  parameters: parametersSchema,
  setup: z.array(setupStepSchema).default([]).describe('Steps to the starting state, in order.'),
  checks: z.array(checkSchema).min(1),
  hints: z
    .array(text)
    .max(3)
    .default([])
    .describe('Three: where to look, what it is about, how it is written. Never the command itself.'),
  links: z
    .array(
      z.strictObject({
        title: z.string().min(1),
        url: z.string().regex(OPEN_PAGES, OPEN_IN_EXAM),
      }),
    )
    .default([])
    .describe('Pages that are open during the exam.'),
  mutations: z
    .strictObject({
      harmless: z
        .array(
          z.strictObject({
            change: z
              .string()
              .min(1)
              .describe('What the proof calls it, "*" for anything: Deployment */web spec.template.metadata.labels.'),
            reason: z.string().min(1).describe('Why the task leaves it open.'),
          }),
        )
        .default([]),
    })
    .default({ harmless: [] })
    .describe('Parts of the first solution that the task does not ask for, where no other solution does without them.'),
  mistakes: z
    .record(id, z.array(id).min(1))
    .default({})
    .describe('For each script mistakes/<name>.sh the checks that must fail after it, and no others.'),
});

export type ScenarioSource = z.infer<typeof scenarioSchema>;

/** For editors: completion and descriptions while writing. */
export const scenarioJsonSchema = (): object => ({
  $id: 'scenario.schema.json',
  title: 'Drydock scenario, version 1',
  ...z.toJSONSchema(scenarioSchema, { io: 'input' }),
});
