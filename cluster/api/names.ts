/** Names and metadata: what they look like (name-formats.ts) and what is checked of them (metadata.ts). */
export * from './name-formats.ts';
export * from './metadata.ts';
