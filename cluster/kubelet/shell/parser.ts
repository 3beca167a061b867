/** Scripts to syntax trees, by just-bash's parser. It is loaded when the first script is met: most clusters never run one. */
import { createRequire } from 'node:module';
import type { ScriptNode } from 'just-bash';

type Parse = (script: string) => ScriptNode;
let loaded: Parse | undefined;

export class SyntaxFault extends Error {}

/** Bytes: a longer script is nobody's. */
const LONGEST = 256 * 1024;
/** Scripts kept parsed: loops over the same `sh -c` are the rule. */
const KEPT = 200;
const known = new Map<string, ScriptNode>();

/** @throws SyntaxFault */
export function parseScript(script: string): ScriptNode {
  const before = known.get(script);
  if (before !== undefined) return before;
  if (script.length > LONGEST) throw new SyntaxFault('script too long');
  loaded ??= (createRequire(import.meta.url)('just-bash') as { parse: Parse }).parse;
  let parsed: ScriptNode;
  try {
    parsed = loaded(script);
  } catch (error) {
    throw new SyntaxFault(error instanceof Error ? error.message : String(error));
  }
  if (known.size >= KEPT) known.clear();
  known.set(script, parsed);
  return parsed;
}

/** Whether a script only lacks its end (an open quote, a loop without done): an interactive shell then asks for more. */
export function isUnfinished(script: string): boolean {
  try {
    parseScript(script);
    return /(^|[^\\])\\\n?$/.test(script);
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error;
    return /unterminated|unexpected (end|EOF)|expected .*(done|fi|esac|then|do|\}|\)|got ['"]?(EOF|end))/i.test(
      error.message,
    );
  }
}
