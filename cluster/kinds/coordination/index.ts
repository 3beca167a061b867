export { lease } from './lease.ts';
