import type { CustomResourceDefinition } from '../../../schema/structural/custom-resource-definition.ts';
import { isKnownFormat } from '../../../schema/structural/formats.ts';
import { someSchema } from '../../../schema/structural/schema-props.ts';
import { internalSpec } from './internal-spec.ts';

/** Formats of texts that nobody checks, in every schema of the definition. */
function unrecognised(definition: CustomResourceDefinition): string[] {
  const { validation, versions } = internalSpec(definition.spec);
  const found: string[] = [];
  for (const schema of [validation, ...versions.map((version) => version.schema?.openAPIV3Schema)]) {
    someSchema(schema, ({ format = '', type }) => {
      if (format !== '' && type === 'string' && !isKnownFormat(format)) found.push(format);
      return false;
    });
  }
  return found;
}

export function formatWarnings(definition: CustomResourceDefinition, old?: CustomResourceDefinition): string[] {
  const known = new Set(old ? unrecognised(old) : []);
  return unrecognised(definition)
    .filter((format) => !known.has(format))
    .map((format) => `unrecognized format ${JSON.stringify(format)}`);
}
