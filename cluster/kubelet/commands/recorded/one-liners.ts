/** One-liners that people type into containers, and what real programs answer to them. */

/** Exit code, output, and what was said of mistakes. */
export type Answer = readonly [code: number, output: string, errors: string];

/** `text`: a line each, under `# subject`; ⏎ stands for the end of a line inside of one. */
export function linesOf(text: string): { subject: string; script: string }[] {
  const found: { subject: string; script: string }[] = [];
  let subject = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('# ')) subject = line.slice(2);
    else if (line !== '') found.push({ subject, script: line.replaceAll('⏎', '\n') });
  }
  return found;
}
