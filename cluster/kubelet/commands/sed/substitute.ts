/** What `s` makes of a line. */
import type { Found, Pattern } from '../regex/pattern.ts';
import type { Substitution } from './script.ts';

/** undefined: nothing matched. */
export function substitute(
  line: string,
  pattern: Pattern,
  { replacement, nth, all }: Pick<Substitution, 'replacement' | 'nth' | 'all'>,
  gnu: boolean,
): string | undefined {
  let out = '';
  let last = 0;
  let seen = 0;
  for (const found of pattern.all(line)) {
    if (++seen < nth) continue;
    out += line.slice(last, found.start) + filled(replacement, found, gnu);
    last = found.end;
    if (!all) break;
  }
  return seen < nth ? undefined : out + line.slice(last);
}

/** `\1`, `&`, and GNU's changes of case. */
function filled(replacement: string, { groups }: Found, gnu: boolean): string {
  let out = '';
  let lasting: 'U' | 'L' | undefined;
  let once: 'u' | 'l' | undefined;
  const add = (text: string): void => {
    if (text === '') return;
    let changed = lasting === 'U' ? text.toUpperCase() : lasting === 'L' ? text.toLowerCase() : text;
    if (once !== undefined) {
      const first = changed.charAt(0);
      changed = (once === 'u' ? first.toUpperCase() : first.toLowerCase()) + changed.slice(1);
      once = undefined;
    }
    out += changed;
  };
  for (const [all, escaped] of replacement.matchAll(/\\(x[0-9a-fA-F]{2}|[^])|[^]/g)) {
    if (escaped === undefined) add(all === '&' ? (groups[0] ?? '') : all);
    else if (/\d/.test(escaped)) add(groups[Number(escaped)] ?? '');
    else if (!gnu) add(LETTERS[escaped] ?? escaped);
    else if (escaped === 'U' || escaped === 'L') lasting = escaped;
    else if (escaped === 'E') lasting = undefined;
    else if (escaped === 'u' || escaped === 'l') once = escaped;
    else if (escaped.length === 3) add(String.fromCharCode(Number.parseInt(escaped.slice(1), 16)));
    else add(LETTERS[escaped] ?? escaped);
  }
  return out;
}
const LETTERS: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', a: '\x07' };
