/**
 * What a cluster did since it was last stored as a whole, in files beside it: `journal-<n>.jsonl`, the first line a head, then a line for each
 * turn that changed something, written before its answer goes out. So a server that is killed loses no write that it has confirmed.
 *
 * Lines go to the kernel, not to the disk: a killed process loses nothing, a host that loses power what its kernel had not written out
 * (Linux: up to 30 s). Files of containers and volumes are not in it; whoever stores clusters looks at `filesChanged`.
 */
import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { KubeObject } from '../api/types.ts';
import type { Cluster, ClusterSnapshot } from '../cluster.ts';
import type { StoreEvent } from '../store/store.ts';
import { keyOfObject } from '../store/table.ts';

/** Where a stored cluster's journal goes on. */
export interface JournalPosition {
  /** Of the first file that was written after it. */
  number: number;
  /** That file's own id. */
  id: string;
}

interface Head {
  id: string;
  /** Id of the file before; without one, nothing that came before belongs to this. */
  after?: string;
}

/** A turn: the newest state of what it changed. */
interface Line {
  revision: number;
  now: number;
  random: number;
  put: [resource: string, object: KubeObject][];
  gone: [resource: string, key: string][];
  /** `put` is all there is: more happened in one turn than the store remembers. */
  all?: true;
}

const NAME = /^journal-(\d+)\.jsonl$/;
const fileName = (number: number): string => `journal-${number}.jsonl`;

const numbersIn = (folder: string): number[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .flatMap((name) => NAME.exec(name)?.[1] ?? [])
        .map(Number)
        .sort((a, b) => a - b)
    : [];

export class Journal {
  readonly #folder: string;
  #cluster: Cluster;
  #file: number | undefined;
  #position: JournalPosition;
  #written: number;
  #bytes = 0;
  #files: readonly unknown[] = [];

  /** Goes on after `replayed`, or begins: then there is nothing to write until `turn` says what the cluster is stored with. */
  constructor(folder: string, cluster: Cluster, replayed?: { position: JournalPosition; revision: number }) {
    mkdirSync(folder, { recursive: true });
    this.#folder = folder;
    this.#cluster = cluster;
    this.#written = replayed?.revision ?? cluster.store.revision;
    this.#position = replayed?.position ?? { number: numbersIn(folder).at(-1) ?? 0, id: '' };
    if (replayed !== undefined) {
      this.#open(replayed.position.id);
      this.#files = cluster.runtime.roots;
    }
  }

  /** Bytes since the cluster was last stored. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether something was written to files of containers, nodes or volumes since then; true as well where there is no journal to say. */
  get filesChanged(): boolean {
    if (this.#file === undefined) return true;
    const now = this.#cluster.runtime.roots;
    return now.length !== this.#files.length || now.some((root, index) => root !== this.#files[index]);
  }

  /** Writes down what happened since the last call. @throws the file system's error: then it is still to be written */
  write(): void {
    if (this.#file === undefined) return;
    const { store } = this.#cluster;
    if (store.revision === this.#written) return;
    const line = Buffer.from(`${JSON.stringify(this.#since(this.#written))}\n`);
    if (writeSync(this.#file, line) < line.length) throw new Error('no room for the journal');
    this.#written = store.revision;
    this.#bytes += line.length;
  }

  /** Begins a new file, for a cluster that is being stored as it is now; what this returns is to be stored with it. */
  turn(): JournalPosition {
    this.write();
    this.#open(this.#file === undefined ? undefined : this.#position.id);
    this.#bytes = 0;
    this.#files = this.#cluster.runtime.roots;
    return this.#position;
  }

  /** The cluster is stored with the position that `turn` gave last: what came before is not needed any more. */
  stored(): void {
    for (const number of numbersIn(this.#folder)) {
      if (number < this.#position.number) rmSync(join(this.#folder, fileName(number)), { force: true });
    }
  }

  /** Another state is in place, which is no consequence of what was written: nothing is, until `turn`. */
  replace(cluster: Cluster): void {
    this.close();
    this.#cluster = cluster;
    this.#written = cluster.store.revision;
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #open(after: string | undefined): void {
    this.close();
    this.#position = { number: this.#position.number + 1, id: randomUUID() };
    this.#file = openSync(join(this.#folder, fileName(this.#position.number)), 'w', 0o600);
    const head: Head = { id: this.#position.id, ...(after === undefined ? {} : { after }) };
    writeSync(this.#file, `${JSON.stringify(head)}\n`);
  }

  #since(revision: number): Line {
    const { store, now, randomState } = this.#cluster;
    const line: Line = { revision: store.revision, now, random: randomState, put: [], gone: [] };
    // Less than before: etcd was restored from a snapshot.
    const events = store.revision < revision ? undefined : store.changesAfter(revision);
    if (events === undefined) {
      for (const [resource, objects] of Object.entries(store.snapshot().resources)) {
        for (const object of objects) line.put.push([resource, object]);
      }
      return { ...line, all: true };
    }
    const newest = new Map<string, StoreEvent>();
    for (const event of events) newest.set(`${event.resource} ${keyOfObject(event.object)}`, event);
    for (const { type, resource, object } of newest.values()) {
      if (type === 'DELETED') line.gone.push([resource, keyOfObject(object)]);
      else line.put.push([resource, object]);
    }
    return line;
  }
}

/** A stored cluster brought up to what its journal says, and where the journal then goes on. A last line that was cut off counts for nothing. */
export function replay(
  folder: string,
  stored: ClusterSnapshot,
  from: JournalPosition,
): { snapshot: ClusterSnapshot; position: JournalPosition } {
  const tables = new Map(
    Object.entries(stored.store.resources).map(([resource, objects]) => [
      resource,
      new Map(objects.map((object) => [keyOfObject(object), object])),
    ]),
  );
  const table = (resource: string): Map<string, KubeObject> => {
    const known = tables.get(resource) ?? new Map<string, KubeObject>();
    tables.set(resource, known);
    return known;
  };
  let reached = { revision: stored.store.revision, now: stored.now, random: stored.random };
  let position: JournalPosition | undefined;
  for (const number of numbersIn(folder)) {
    if (number < from.number) continue;
    const [head, ...lines] = wholeLines(join(folder, fileName(number)));
    if (head === undefined) break;
    const { id, after } = JSON.parse(head) as Head;
    if (position === undefined ? id !== from.id : after !== position.id) break;
    position = { number, id };
    for (const text of lines) {
      const line = JSON.parse(text) as Line;
      if (line.all) tables.clear();
      for (const [resource, object] of line.put) table(resource).set(keyOfObject(object), object);
      for (const [resource, key] of line.gone) table(resource).delete(key);
      reached = { revision: line.revision, now: line.now, random: line.random };
    }
  }
  const { revision, now, random } = reached;
  const resources = Object.fromEntries([...tables].map(([resource, objects]) => [resource, [...objects.values()]]));
  return { snapshot: { ...stored, now, random, store: { revision, resources } }, position: position ?? from };
}

function wholeLines(file: string): string[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  // What follows the last line's end: nothing, or what a killed server did not finish.
  lines.pop();
  return lines;
}
