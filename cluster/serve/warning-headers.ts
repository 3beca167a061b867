/** Warning headers (RFC 7234) as the real server writes them: each sentence once, and cut when there is too much to tell. */

/** Characters of all sentences together; beyond it each one is cut. */
const MAX_TOTAL = 4 * 1024;
/** Characters of one sentence when there are too many. */
const MAX_SENTENCE = 256;

const header = (sentence: string): string => {
  const text = `299 - "${sentence.replace(/["\\]/g, '\\$&')}"`;
  // Node writes a header's characters as bytes: these are those of UTF-8
  return Buffer.from(text, 'utf8').toString('latin1');
};

/** What a header cannot hold is not told. */
const fits = (sentence: string): boolean => sentence !== '' && !/\p{Cc}/u.test(sentence);

export function warningHeaders(sentences: readonly string[]): string[] {
  const told = [...new Set(sentences)].filter(fits).map((sentence) => Array.from(sentence));
  const total = told.reduce((sum, { length }) => sum + length, 0);
  if (total <= MAX_TOTAL) return told.map((characters) => header(characters.join('')));
  const headers: string[] = [];
  let written = 0;
  for (const characters of told) {
    if (written >= MAX_TOTAL) break;
    const cut = characters.slice(0, MAX_SENTENCE);
    headers.push(header(cut.join('')));
    written += cut.length;
  }
  return headers;
}
