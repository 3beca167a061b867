export { priorityClass } from './priority-class.ts';
