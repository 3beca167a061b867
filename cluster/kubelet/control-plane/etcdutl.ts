/** etcd's tool for files: what a snapshot holds, and a data folder made from one. Its words are etcdutl 3.6's. */
import { FileError } from '../files/file-view.ts';
import type { Context, Program } from '../shell/box.ts';
import { atOnce } from '../shell/coroutine.ts';
import { parseFlags, type FlagSpec } from './flags.ts';
import { isWhole, readSnapshotFile } from './snapshot-file.ts';
import { humanBytes, textTable } from './text-table.ts';

const FLAGS: FlagSpec = {
  values: {
    'write-out': 'simple',
    'data-dir': '',
    'wal-dir': '',
    name: 'default',
    'initial-cluster': 'default=http://localhost:2380',
    'initial-cluster-token': 'etcd-cluster',
    'initial-advertise-peer-urls': 'http://localhost:2380',
    'bump-revision': '0',
  },
  switches: ['skip-hash-check', 'mark-compacted', 'help'],
  short: { w: 'write-out', h: 'help' },
};

const COLUMNS = ['HASH', 'REVISION', 'TOTAL KEYS', 'TOTAL SIZE', 'VERSION'];

const lower = (text: string) => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
function fail({ io }: Context, message: string): number {
  io.stderr.write(`Error: ${message}\n`);
  return 1;
}
const fullPath = ({ cwd }: Context, path: string) => (path.startsWith('/') ? path : `${cwd}/${path}`);

function status(context: Context, path: string, form: string): number {
  let bytes: string;
  try {
    bytes = context.box.files.read(fullPath(context, path));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return fail(context, `stat ${path}: ${lower(error.message)}`);
  }
  const read = readSnapshotFile(bytes);
  if ('problem' in read) return fail(context, read.problem);
  const { facts, hash, size } = read;
  const row = [hash.toString(16).padStart(8, '0'), String(facts.revision), String(facts.totalKey), humanBytes(size)];
  const json = { hash, revision: facts.revision, totalKey: facts.totalKey, totalSize: size, version: facts.version };
  const text =
    form === 'table'
      ? textTable(COLUMNS, [[...row, facts.version]])
      : form === 'json'
        ? `${JSON.stringify(json)}\n`
        : `${[...row, facts.version].join(', ')}\n`;
  context.io.stdout.write(text);
  return 0;
}

function restore(context: Context, path: string, values: Record<string, string>, skipHash: boolean): number {
  const { box, io } = context;
  const folder = values['data-dir'] || `${values['name']}.etcd`;
  const full = fullPath(context, folder);
  const found = box.files.find(full);
  if (found !== undefined && (found.kind !== 'folder' || found.entries.size > 0)) {
    return fail(context, `data-dir ${JSON.stringify(folder)} not empty or could not be read`);
  }
  const member = `${folder}/member`;
  const places = {
    path,
    'wal-dir': values['wal-dir'] || `${member}/wal`,
    'data-dir': folder,
    'snap-dir': `${member}/snap`,
    'initial-memory-map-size': 10_737_418_240,
  };
  const fields = `{${Object.entries(places)
    .map(([name, value]) => `"${name}": ${JSON.stringify(value)}`)
    .join(', ')}}`;
  const say = (text: string) =>
    io.stderr.write(
      `${new Date(box.now()).toISOString().slice(0, 19)}Z\tinfo\tsnapshot/v3_snapshot.go:${text}\t${fields}\n`,
    );
  say('305\trestoring snapshot');
  try {
    const bytes = box.files.read(fullPath(context, path));
    if (!skipHash && !isWhole(bytes)) return fail(context, 'snapshot missing hash but --skip-hash-check=false');
    const read = readSnapshotFile(bytes);
    if ('problem' in read) return fail(context, read.problem);
    box.files.makeFolder(`${full}/member/snap`, { parents: true, mode: 0o700 });
    box.files.makeFolder(`${full}/member/wal`, { parents: true, mode: 0o700 });
    box.files.write(`${full}/member/snap/db`, bytes, { mode: 0o600 });
    box.files.write(`${full}/member/snap/0000000000000001-0000000000000001.snap`, '', { mode: 0o600 });
    box.files.write(`${full}/member/wal/0000000000000000-0000000000000000.wal`, '', { mode: 0o600 });
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return fail(context, `open ${path}: ${lower(error.message)}`);
  }
  say('333\trestored snapshot');
  return 0;
}

function run(context: Context): number {
  const { io } = context;
  const flags = parseFlags(context.argv.slice(1), FLAGS);
  if (flags.problem !== undefined) return fail(context, `${flags.problem}\n`);
  const [first = '', second = '', ...paths] = flags.words;
  const [path] = paths;
  if (first === 'version') {
    io.stdout.write('etcdutl version: 3.6.6\nAPI version: 3.6\n');
    return 0;
  }
  if (first === 'snapshot' && (second === 'status' || second === 'restore')) {
    if (path === undefined || paths.length > 1) {
      return fail(context, `snapshot ${second} requires exactly one argument`);
    }
    return second === 'status'
      ? status(context, path, flags.values['write-out'] ?? '')
      : restore(context, path, flags.values, flags.on.has('skip-hash-check'));
  }
  if (first === '' || first === 'snapshot') {
    io.stdout.write('Usage:\n  etcdutl [command]\n\nAvailable Commands:\n  snapshot    Manages etcd node snapshots\n');
    return 0;
  }
  return fail(context, `unknown command "${first}" for "etcdutl"\nRun 'etcdutl --help' for usage.`);
}

export const etcdutl: Program = (context) => atOnce(() => run(context));
