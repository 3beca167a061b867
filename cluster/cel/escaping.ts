/** Field names as expressions can spell them: `__dash__` for `-`, `__namespace__` for a reserved word. */
/** Words that can't be names. */
export const RESERVED: ReadonlySet<string> = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);
const ESCAPES: Record<string, string> = { __: '__underscores__', '.': '__dot__', '-': '__dash__', '/': '__slash__' };
const UNESCAPES: Record<string, string> = { underscores: '__', dot: '.', dash: '-', slash: '/' };

/** undefined: no expression can name this field. */
export function escapeName(name: string): string | undefined {
  if (!/^[A-Za-z_./-][A-Za-z0-9_./-]*$/.test(name)) return undefined;
  if (RESERVED.has(name)) return `__${name}__`;
  return name.replace(/__|[-./]/g, (part) => ESCAPES[part] ?? part);
}

/** undefined: there is no such escape. */
export function unescapeName(escaped: string): string | undefined {
  let bad = false;
  const name = escaped.replace(/__[^_]+__/g, (part) => {
    const inside = part.slice(2, -2);
    if (RESERVED.has(inside)) bad ||= part.length !== escaped.length;
    else bad ||= !Object.hasOwn(UNESCAPES, inside);
    return UNESCAPES[inside] ?? inside;
  });
  return bad ? undefined : name;
}
