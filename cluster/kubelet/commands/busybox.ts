/** busybox under its own name: runs what is named after it, and lists what it can be. */
import type { Context, Program } from '../shell/box.ts';
import type { Run } from '../shell/coroutine.ts';
import { notHere } from './not-here.ts';

const versionOf = (image: string): string =>
  ({ '1.28': '1.28.4', '1.35': '1.35.0', '1.36': '1.36.1' })[/:(1\.\d+)/.exec(image)?.[1] ?? ''] ?? '1.37.0';

function* busybox(context: Context): Run {
  const { box, io, argv } = context;
  // a link to it by the name of a program that is not simulated
  if (argv[0] !== 'busybox') return yield* notHere(context);
  const names = () =>
    ['/bin', '/sbin', '/usr/bin', '/usr/sbin']
      .flatMap((folder) => (box.files.find(folder)?.kind === 'folder' ? box.files.list(folder) : []))
      .filter((name, index, all) => box.programs.has(name) && all.indexOf(name) === index)
      .sort();
  const [, name] = argv;
  if (name === undefined || name === '--help') {
    io.stdout.write(
      `BusyBox v${versionOf(box.image)} (2024-09-26 21:31:42 UTC) multi-call binary.\nBusyBox is copyrighted by many authors between 1998-2015.\nLicensed under GPLv2. See source distribution for detailed\ncopyright notices.\n\nUsage: busybox [function [arguments]...]\n   or: busybox --list[-full]\n   or: function [arguments]...\n\nCurrently defined functions:\n\t${names().join(', ')}\n`,
    );
    return 0;
  }
  if (name === '--list') {
    io.stdout.write(
      names()
        .map((one) => `${one}\n`)
        .join(''),
    );
    return 0;
  }
  const program = names().includes(name) ? box.programs.get(name) : undefined;
  if (program === undefined) {
    io.stderr.write(`${name}: applet not found\n`);
    return 127;
  }
  return yield* program({ ...context, argv: argv.slice(1) });
}
export const BUSYBOX: Readonly<Record<string, Program>> = { busybox };
