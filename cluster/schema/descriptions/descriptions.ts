/**
 * The sentences that `kubectl explain` prints and Tables carry. They are no facts of ours: set-up collects them into
 * .cache/descriptions.json (scripts/facts/descriptions.mjs). Without that file there are none, and explain says <empty>.
 */
import { readFileSync } from 'node:fs';

export interface Descriptions {
  /** Of a schema, by its OpenAPI name. undefined: none. */
  schema(schemaName: string): string | undefined;
  field(schemaName: string, field: string): string | undefined;
}

type Texts = Record<string, Record<string, string>>;

export const noDescriptions: Descriptions = { schema: () => undefined, field: () => undefined };

export const describedBy = (texts: Texts): Descriptions => ({
  schema: (schemaName) => texts[schemaName]?.[''],
  field: (schemaName, field) => texts[schemaName]?.[field],
});

/** @throws SyntaxError when the file is there but cut off: set-up writes it whole or not at all */
export function readDescriptions(file: URL): Descriptions {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return noDescriptions;
    throw error;
  }
  return describedBy(JSON.parse(text) as Texts);
}

let installed: Descriptions | undefined;

/** Those of this installation, read when first asked for. */
export const descriptions = (): Descriptions =>
  (installed ??= readDescriptions(new URL('../../../.cache/descriptions.json', import.meta.url)));
