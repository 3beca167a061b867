import type { CustomResourceDefinition } from '../../../schema/structural/custom-resource-definition.ts';
import { DEFINITIONS } from '../../../schema/structural/custom-resource-definition.ts';
import type { Kind } from '../../kind.ts';
import { formatWarnings } from './format-warnings.ts';
import { validateDefinition, validateDefinitionStatus, validateDefinitionUpdate } from './validation.ts';

function storesIn({ spec, status }: CustomResourceDefinition): string[] {
  const stored = status?.storedVersions ?? [];
  const storage = spec.versions?.find((version) => version.storage)?.name;
  return storage === undefined || stored.includes(storage) ? stored : [...stored, storage];
}

export const customResourceDefinition: Kind<CustomResourceDefinition> = {
  resource: DEFINITIONS,
  unconditionalUpdate: false,
  anyFinalizer: true,
  defaults({ spec }) {
    // a body may leave out what Go cannot
    if (!spec?.names) return;
    const { names } = spec;
    if (!names.singular) names.singular = (names.kind ?? '').toLowerCase();
    if (!names.listKind && names.kind) names.listKind = `${names.kind}List`;
    spec.conversion ??= { strategy: 'None' };
    const service = spec.conversion.webhook?.clientConfig?.service;
    if (service) service.port ??= 443;
  },
  prepareForCreate(definition) {
    const storedVersions = storesIn({ ...definition, status: {} });
    definition.status = {
      conditions: null as unknown as [],
      acceptedNames: { plural: '', kind: '' },
      storedVersions: storedVersions.length === 0 ? (null as unknown as []) : storedVersions,
    };
  },
  prepareForUpdate(definition) {
    definition.status = { ...definition.status, storedVersions: storesIn(definition) };
  },
  validate: (definition) => validateDefinition(definition),
  validateUpdate: (definition, old) => validateDefinitionUpdate(definition, old),
  validateStatusUpdate: (definition) => validateDefinitionStatus(definition),
  warnings: (definition, old) => formatWarnings(definition, old),
};
