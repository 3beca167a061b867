/** Container images by name: `images/` has what they are. */
export type { Image } from './images/image.ts';
export { idOf, lookUpImage, pullTime, type Lookup } from './images/lookup.ts';
