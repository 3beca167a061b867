/** Every function an expression may call. */
import { Functions } from '../declarations.ts';
import { LISTS } from './lists.ts';
import { OPTIONALS } from './optionals.ts';
import { PATTERNS } from './patterns.ts';
import { SETS } from './sets.ts';
import { STANDARD } from './standard.ts';
import { STRINGS } from './strings.ts';
import { TIMES } from './times.ts';

export const LIBRARY = new Functions(STANDARD, TIMES, OPTIONALS, LISTS, SETS, STRINGS, PATTERNS);
