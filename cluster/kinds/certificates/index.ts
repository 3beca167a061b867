export { certificateSigningRequest } from './certificate-signing-request.ts';
