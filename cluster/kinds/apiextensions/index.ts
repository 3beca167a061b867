export { customResourceDefinition } from './custom-resource-definition/index.ts';
