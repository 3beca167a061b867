/** What ash, dash and bash take, and each one's words for what it does not: the parser reads bash, which takes the most. */
import type { ScriptNode } from 'just-bash';
import type { ShellOptions } from './state.ts';

export type Kind = ShellOptions['kind'];
export interface ScriptFault {
  /** `unexpected "("`, or as the shell in question turns it. */
  message: string;
  /** It is found when the word is expanded, by a shell that reads on till then. */
  late?: boolean;
}

/** As ash and dash have it: both in other words around the token. */
const unexpected = (kind: Kind, token: string, expecting?: string): string => {
  const more = expecting === undefined ? '' : ` (expecting "${expecting}")`;
  return kind === 'dash' ? `${token} unexpected${more}` : `unexpected ${token}${more}`;
};
const quoted = (token: string): string =>
  /^(end of file|word|redirection|newline)$/.test(token) ? token : `"${token}"`;
const sentence = (kind: Kind, text: string): string =>
  kind === 'dash' ? `Syntax error: ${text.charAt(0).toUpperCase()}${text.slice(1)}` : `syntax error: ${text}`;

/** A shell's own words for what the parser found; bash has the parser's. */
export function faultWords(kind: Kind, found: string): string {
  if (kind === 'bash') return found.replace(/^.*?(syntax error|unexpected EOF)/s, '$1').replace(/ '(.)'$/, " `$1'");
  const token = /near unexpected token [`'"]?(.+?)['"]?$/.exec(found)?.[1];
  const plain = (text: string) => (kind === 'dash' && text.startsWith('"') ? `Syntax error: ${text}` : undefined);
  const said = (text: string): string =>
    plain(text) ?? (kind === 'dash' ? `Syntax error: ${text}` : `syntax error: ${text}`);
  if (token === '(') return said(unexpected(kind, '"("'));
  if (token !== undefined) return said(unexpected(kind, quoted(token === '\n' ? 'newline' : token)));
  const [, wanted = '', got = ''] = /Expected (\w+), got (\w+)/.exec(found) ?? [];
  if (wanted !== '') {
    const reserved = wanted === 'ESAC' ? ')' : wanted.toLowerCase();
    return said(unexpected(kind, got === 'EOF' ? 'end of file' : quoted(got.toLowerCase()), reserved));
  }
  const open = /looking for matching [`'](.+)'$/.exec(found)?.[1];
  if (open === '"' || open === "'") return sentence(kind, 'unterminated quoted string');
  if (open === '}') return sentence(kind, "missing '}'");
  if (open === ')') return said(unexpected(kind, 'end of file', ')'));
  if (open === '`') return sentence(kind, 'EOF in backquote substitution');
  if (/bad substitution/.test(found)) return kind === 'dash' ? 'Bad substitution' : 'syntax error: bad substitution';
  if (/EOF|end of/i.test(found)) return said(unexpected(kind, 'end of file'));
  return sentence(kind, found.replace(/^.*?: /, ''));
}

/** Operations on parameters that are bash's; ash has the first two of them. */
const BASH_OPERATIONS = new Set([
  'Substring',
  'PatternReplacement',
  'CaseModification',
  'Indirection',
  'VarNamePrefix',
  'Transform',
  'ArrayKeys',
]);
const ASH_OPERATIONS = new Set(['Substring', 'PatternReplacement']);

/** The first thing in a script that the shell does not take. undefined: nothing. */
export function foreign(kind: Kind, script: ScriptNode, text: string): ScriptFault | undefined {
  if (kind === 'bash') return undefined;
  const syntax = (message: string): ScriptFault => ({
    message: kind === 'dash' ? `Syntax error: ${message}` : `syntax error: ${message}`,
  });
  const substitution: ScriptFault =
    kind === 'dash' ? { message: 'Bad substitution', late: true } : { message: 'syntax error: bad substitution' };
  const walk = (value: unknown): ScriptFault | undefined => {
    if (Array.isArray(value)) {
      for (const item of value) {
        const found = walk(item);
        if (found) return found;
      }
      return undefined;
    }
    if (typeof value !== 'object' || value === null) return undefined;
    const node = value as Record<string, unknown>;
    const found = own(node);
    if (found !== undefined) return found;
    for (const key in node) {
      if (key === 'type' || key === 'sourceText') continue;
      const inner = walk(node[key]);
      if (inner) return inner;
    }
    return undefined;
  };
  const own = (node: Record<string, unknown>): ScriptFault | undefined => {
    switch (node['type']) {
      case 'Assignment':
        return node['array'] === null ? undefined : syntax(unexpected(kind, '"("'));
      case 'Redirection':
        if (node['operator'] === '<<<') return syntax(unexpected(kind, 'redirection'));
        return undefined;
      case 'Pipeline':
        return (node['pipeStderr'] as boolean[] | undefined)?.includes(true)
          ? syntax(unexpected(kind, '"&"'))
          : undefined;
      case 'ProcessSubstitution':
        return kind === 'dash' ? syntax(unexpected(kind, '"("')) : undefined;
      case 'CStyleFor':
        return syntax(kind === 'dash' ? 'Bad for loop variable' : 'bad for loop variable');
      case 'For':
        return /^[A-Za-z_]\w*$/.test(String(node['variable']))
          ? undefined
          : syntax(kind === 'dash' ? 'Bad for loop variable' : 'bad for loop variable');
      case 'FunctionDef':
        return kind === 'dash' && /(^|[\s;&|({])function\s/.test(text) ? syntax(unexpected(kind, '"}"')) : undefined;
      case 'ParameterExpansion': {
        if (String(node['parameter']).includes('[')) return substitution;
        const operation = (node['operation'] as { type: string } | null)?.type ?? '';
        if (!BASH_OPERATIONS.has(operation) || (kind === 'ash' && ASH_OPERATIONS.has(operation))) return undefined;
        return substitution;
      }
      default:
        return undefined;
    }
  };
  return walk(script);
}

/** Ends where a command has to follow. */
export const endsOpen = (script: string): boolean =>
  /(?:&&|\|\||\|)[ \t\n]*$/.test(script) && !/#[^\n]*$/.test(script.trimEnd());
