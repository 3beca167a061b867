/** A definition as the server checks it: what all versions have in common is said once, at the top. Its paths are the ones in errors. */
import { equal } from '../../../api/merge.ts';
import type {
  CustomResourceDefinition,
  DefinitionVersion,
  PrinterColumn,
  SelectableField,
  Subresources,
} from '../../../schema/structural/custom-resource-definition.ts';
import type { SchemaProps } from '../../../schema/structural/schema-props.ts';

export type Spec = CustomResourceDefinition['spec'];

export interface InternalSpec extends Omit<Spec, 'versions'> {
  /** spec.validation.openAPIV3Schema. */
  validation: SchemaProps | undefined;
  hasValidation: boolean;
  subresources: Subresources | undefined;
  additionalPrinterColumns: PrinterColumn[];
  selectableFields: SelectableField[];
  versions: DefinitionVersion[];
}

const SHARED = ['schema', 'subresources', 'additionalPrinterColumns', 'selectableFields'] as const;

export function internalSpec(spec: Spec): InternalSpec {
  const versions = (spec.versions ?? []).map((version) => ({ ...version }));
  const first: Partial<DefinitionVersion> = versions[0] ?? {};
  const shared: Partial<DefinitionVersion> = {};
  for (const field of SHARED) {
    if (!versions.every((version) => equal(version[field], first[field]))) continue;
    if (first[field] !== undefined) Object.assign(shared, { [field]: first[field] });
    for (const version of versions) delete version[field];
  }
  return {
    ...spec,
    versions,
    validation: shared.schema?.openAPIV3Schema,
    hasValidation: shared.schema !== undefined,
    subresources: shared.subresources,
    additionalPrinterColumns: shared.additionalPrinterColumns ?? [],
    selectableFields: shared.selectableFields ?? [],
  };
}
