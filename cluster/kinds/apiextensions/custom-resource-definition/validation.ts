import type { FieldError } from '../../../api/field.ts';
import type { CustomResourceDefinition } from '../../../schema/structural/custom-resource-definition.ts';
export const validateDefinition = (_d: CustomResourceDefinition): FieldError[] => [];
export const validateDefinitionUpdate = (
  _d: CustomResourceDefinition,
  _o: CustomResourceDefinition,
): FieldError[] => [];
