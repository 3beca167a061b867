/** What several parts of the format are made of. */
import { z } from 'zod';

export const id = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected lower-case words joined by "-"')
  .describe('Lower-case words joined by "-".');

export const text = z
  .strictObject({
    en: z.string().min(1).describe('English.'),
    ko: z.string().min(1).describe('Korean.'),
  })
  .describe('A text that learners read, in both languages.');

export const kind = z.string().min(1).describe('The kind, as in a manifest: ResourceQuota.');
export const apiVersion = z
  .string()
  .optional()
  .describe('Only needed where two API groups have the kind, as for HorizontalPodAutoscaler.');

export const objectRef = z.strictObject({
  apiVersion,
  kind,
  name: z.string().min(1),
  namespace: z.string().optional().describe('Left out for cluster-scoped kinds; default for others.'),
});

export const partialObject = z
  .record(z.string(), z.unknown())
  .describe(
    'Part of an object. Every field given here must be there with that meaning: 1000m is 1, lists of objects may have more entries, lists of words must have the same words in any order, null says that nothing may be there.',
  );

type Shapes = Readonly<Record<string, z.core.$ZodLooseShape>>;
type Alternative<S extends Shapes, More> = {
  [Key in keyof S]: z.ZodObject<S[Key] & More, z.core.$strict>;
}[keyof S];

/** A map that is one of `shapes`, which are told apart by the key that each is listed under, and has `more` besides. */
export function oneOf<S extends Shapes, More extends z.core.$ZodLooseShape>(
  shapes: S,
  more: More,
): z.ZodUnion<readonly Alternative<S, More>[]> {
  // what Object.values knows nothing of: which shape stands under which key
  const alternatives = Object.values(shapes).map((shape) => z.strictObject({ ...more, ...shape }));
  return z.union(alternatives) as unknown as z.ZodUnion<readonly Alternative<S, More>[]>;
}
