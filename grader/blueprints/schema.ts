/** The format of exams/*.yaml, version 1: what an exam asks, and for how long. */
import { z } from 'zod';
import { COMPETENCIES, DOMAINS } from '../curriculum.ts';

/** As many as fit into a day; the real exam asks 15 to 20. */
const MAX_QUESTIONS = 60;
const MAX_MINUTES = 480;

const level = z.number().int().min(1).max(5);

const drawn = z
  .strictObject({
    domain: z.enum(DOMAINS).optional().describe("The curriculum's domain; left out: any."),
    competency: z.enum(COMPETENCIES).optional().describe("A line of the curriculum, in the curriculum's words."),
    difficulty: z
      .strictObject({ min: level.default(1), max: level.default(5) })
      .optional()
      .describe('Bounds, both included; left out: any.'),
    count: z.number().int().min(1).max(MAX_QUESTIONS),
  })
  .describe('So many scenarios of this sort.');

export const blueprintSchema = z.strictObject({
  version: z.literal(1).describe('The version of this format.'),
  title: z
    .strictObject({ en: z.string().min(1).describe('English.'), ko: z.string().min(1).describe('Korean.') })
    .describe('The name that learners read.'),
  minutes: z.number().int().min(1).max(MAX_MINUTES).default(120).describe('How long the exam takes.'),
  pass: z.number().int().min(1).max(100).default(66).describe('Percent of the points that are needed to pass.'),
  questions: z
    .array(z.string().min(1))
    .min(1)
    .max(MAX_QUESTIONS)
    .optional()
    .describe('Scenarios by id or by slug within this pack, in the order of the questions. Or "draw".'),
  draw: z
    .array(drawn)
    .min(1)
    .optional()
    .describe('Scenarios by chance out of this pack, easy ones first. Or "questions".'),
  seed: z.number().int().min(0).optional().describe('Draws the same for everybody; left out: each attempt draws anew.'),
});

export type BlueprintSource = z.infer<typeof blueprintSchema>;
export type Draw = z.infer<typeof drawn>;

/** For editors: completion and descriptions while writing. */
export const blueprintJsonSchema = (): object => ({
  $id: 'exam.schema.json',
  title: 'Drydock exam blueprint, version 1',
  ...z.toJSONSchema(blueprintSchema, { io: 'input' }),
});
