/** What programs say that are called without what they need. */
import type { Tool } from './tool.ts';

/** As busybox sums them up. */
const BUSYBOX: Readonly<Record<string, string>> = {
  basename: 'FILE [SUFFIX] | -a FILE... | -s SUFFIX FILE...',
  chmod: '[-Rcvf] MODE[,MODE]... FILE...',
  chown: '[-Rhcvf]... USER[:[GRP]] FILE...',
  cp: '[-arPLHpfinlsTu] SOURCE DEST\n   or: cp [-arPLHpfinlsu] SOURCE... { -t DIRECTORY | DIRECTORY }',
  dirname: 'FILENAME',
  find: '[-HL] [PATH]... [OPTIONS] [ACTIONS]',
  grep: '[-HhnlLoqvsrRiwFE] [-m N] [-A|B|C N] { PATTERN | -e PATTERN... | -f FILE... } [FILE]...',
  gunzip: '[-cfkt] [FILE]...',
  ln: '[-sfnbtv] [-S SUF] TARGET... LINK|DIR',
  mkdir: '[-m MODE] [-p] DIRECTORY...',
  mv: '[-finT] SOURCE DEST\n   or: mv [-fin] SOURCE... { -t DIRECTORY | DIRECTORY }',
  rm: '[-irf] FILE...',
  rmdir: '[-p] DIRECTORY...',
  sed: '[-i[SFX]] [-nrE] [-f FILE]... [-e CMD]... [FILE]...',
  seq: '[-w] [-s SEP] [FIRST [INC]] LAST',
  sleep: '[N]...',
  tar: 'c|x|t [-ZzJjahmvokO] [-f TARFILE] [-C DIR] [-T FILE] [-X FILE] [LONGOPT]... [FILE]...',
  timeout: '[-s SIG] [-k KILL_SECS] SECS PROG ARGS',
  touch: '[-cham] [-d DATE] [-t DATE] [-r FILE] FILE...',
  tr: '[-cds] STRING1 [STRING2]',
  which: '[-a] COMMAND...',
  watch: '[-n SEC] [-t] PROG ARGS',
};
const GNU: Readonly<Record<string, string>> = {
  cp: 'missing file operand',
  mv: 'missing file operand',
  ln: 'missing file operand',
  touch: 'missing file operand',
};
const versionOf = (image: string): string =>
  ({ '1.28': '1.28.4', '1.35': '1.35.0', '1.36': '1.36.1' })[/:(1\.\d+)/.exec(image)?.[1] ?? ''] ?? '1.37.0';

/** Says how it is called, and returns the exit code. */
export function usage(tool: Tool): number {
  const { name, gnu, box, context } = tool;
  context.io.stderr.write(
    gnu
      ? `${name}: ${GNU[name] ?? 'missing operand'}\nTry '${name} --help' for more information.\n`
      : `BusyBox v${versionOf(box.image)} (2024-09-26 21:31:42 UTC) multi-call binary.\n\nUsage: ${name} ${BUSYBOX[name] ?? ''}\n`,
  );
  return 1;
}
