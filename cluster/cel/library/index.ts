/** Every function an expression may call. */
import { Functions } from '../declarations.ts';
import { ADDRESSES } from './addresses.ts';
import { AUTHORIZERS } from './authorizers.ts';
import { NAMED_FORMATS } from './formats.ts';
import { LISTS } from './lists.ts';
import { OPTIONALS } from './optionals.ts';
import { PATTERNS } from './patterns.ts';
import { QUANTITIES } from './quantities.ts';
import { SEMVERS } from './semvers.ts';
import { SETS } from './sets.ts';
import { STANDARD } from './standard.ts';
import { STRINGS } from './strings.ts';
import { TIMES } from './times.ts';
import { URLS } from './urls.ts';

export const LIBRARY = new Functions(
  STANDARD,
  TIMES,
  OPTIONALS,
  LISTS,
  SETS,
  STRINGS,
  PATTERNS,
  QUANTITIES,
  ADDRESSES,
  URLS,
  SEMVERS,
  NAMED_FORMATS,
  AUTHORIZERS,
);
