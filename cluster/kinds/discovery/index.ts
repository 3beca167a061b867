export { endpointSlice } from './endpoint-slice.ts';
