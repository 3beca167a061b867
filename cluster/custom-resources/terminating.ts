/** While a CustomResourceDefinition goes, nothing of its kind can come. */
import type { AdmissionPlugin } from '../admission/plugin.ts';
import { forbiddenError } from '../api/status.ts';

export const noCreateWhileTerminating: AdmissionPlugin = {
  name: 'CustomResourceDefinitionTerminating',
  mutate({ operation, resource, name }) {
    if (operation !== 'CREATE') return;
    throw forbiddenError(resource, name, 'create not allowed while custom resource definition is terminating');
  },
};
