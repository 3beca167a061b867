/** Where things are in this checkout. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = dirname(dirname(fileURLToPath(import.meta.url)));
/** kubectl and helm, put there by the set-up. */
export const toolsDir = join(repository, '.cache', 'tools');
