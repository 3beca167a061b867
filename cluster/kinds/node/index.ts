export { runtimeClass } from './runtime-class.ts';
