/** What crictl was asked: its words, and flags in Go's manner. */

export interface Asked {
  words: string[];
  has(...names: string[]): boolean;
  value(...names: string[]): string | undefined;
}
const WITH_VALUE = new Set([
  'name',
  'namespace',
  'state',
  'pod',
  'p',
  'label',
  'tail',
  'o',
  'output',
  'image',
  's',
  'n',
  'last',
  'since',
  'r',
  'runtime-endpoint',
  'i',
  'image-endpoint',
  't',
  'timeout',
]);

export function read(args: readonly string[]): Asked {
  const words: string[] = [];
  const given = new Map<string, string>();
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? '';
    if (!word.startsWith('-')) {
      words.push(word);
      continue;
    }
    const [name = '', value] = word.replace(/^--?/, '').split('=');
    if (value !== undefined) given.set(name, value);
    else if (WITH_VALUE.has(name)) given.set(name, args[++index] ?? '');
    // letters in a row: `-qa`
    else if (!word.startsWith('--')) for (const letter of name) given.set(letter, '');
    else given.set(name, '');
  }
  return {
    words,
    has: (...names) => names.some((name) => given.has(name)),
    value: (...names) => names.map((name) => given.get(name)).find((one) => one !== undefined),
  };
}
