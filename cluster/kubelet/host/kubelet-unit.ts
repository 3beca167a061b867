/** The kubelet's unit as systemd reads it: its file, its drop-ins in order, the variables they set, and the command that comes of it. */
import type { FileView } from '../files/file-view.ts';
import { FileError } from '../files/file-view.ts';

/** The first that is there counts. */
const FOLDERS = ['/etc/systemd/system', '/run/systemd/system', '/usr/lib/systemd/system'];
const UNIT = 'kubelet.service';

function textOf(files: FileView, path: string): string | undefined {
  try {
    return files.read(path);
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}

export interface UnitFile {
  path: string;
  text: string;
}

/** The unit's own file and its drop-ins, as `systemctl cat` shows them; empty: there is no such unit. */
export function unitFiles(files: FileView): UnitFile[] {
  const own = FOLDERS.map((folder) => `${folder}/${UNIT}`).find((path) => textOf(files, path) !== undefined);
  if (own === undefined) return [];
  const dropIns = new Map<string, string>();
  for (const folder of FOLDERS.toReversed()) {
    const place = `${folder}/${UNIT}.d`;
    if (files.find(place)?.kind !== 'folder') continue;
    for (const name of files.list(place)) if (name.endsWith('.conf')) dropIns.set(name, `${place}/${name}`);
  }
  const sorted = [...dropIns].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path);
  return [own, ...sorted].map((path) => ({ path, text: textOf(files, path) ?? '' }));
}

/** `"A=b c"`, `A=b`: as Environment= takes them. */
const assignments = (text: string): [string, string][] =>
  (text.match(/"[^"]*"|'[^']*'|\S+/g) ?? []).map((word) => {
    const bare = word.replace(/^(["'])(.*)\1$/, '$2');
    const equals = bare.indexOf('=');
    return [bare.slice(0, equals), bare.slice(equals + 1)];
  });

function fromFile(files: FileView, path: string): [string, string][] {
  const text = textOf(files, path.replace(/^-/, ''));
  return (text ?? '')
    .split('\n')
    .filter((line) => /^\s*[A-Za-z_]\w*=/.test(line))
    .map((line) => {
      const equals = line.indexOf('=');
      return [
        line.slice(0, equals).trim(),
        line
          .slice(equals + 1)
          .trim()
          .replace(/^(["'])(.*)\1$/, '$2'),
      ];
    });
}

/** The words of the command; or what systemd says where there is none to run. */
export function commandOf(files: FileView): string[] | string {
  const variables = new Map<string, string>();
  const later: string[] = [];
  let command = '';
  for (const { text } of unitFiles(files)) {
    for (const line of text.split('\n')) {
      const [, key = '', value = ''] = /^([A-Za-z]+)=(.*)$/.exec(line.trim()) ?? [];
      if (key === 'Environment') for (const [name, is] of assignments(value)) variables.set(name, is);
      if (key === 'EnvironmentFile') later.push(value.trim());
      if (key === 'ExecStart') command = value.trim();
    }
  }
  // files are read when the service is started, and win
  for (const path of later) for (const [name, is] of fromFile(files, path)) variables.set(name, is);
  const words = command
    .split(/\s+/)
    .flatMap((word) =>
      /^\$[A-Za-z_]\w*$/.test(word)
        ? (variables.get(word.slice(1)) ?? '').split(/\s+/)
        : [word.replace(/\$\{(\w+)\}/g, (_all, name: string) => variables.get(name) ?? '')],
    )
    .filter((word) => word !== '');
  const [program = ''] = words;
  if (!files.find(program)) {
    return `kubelet.service: Unable to locate executable '${program}': No such file or directory\nkubelet.service: Failed at step EXEC spawning ${program}: No such file or directory`;
  }
  return words;
}
