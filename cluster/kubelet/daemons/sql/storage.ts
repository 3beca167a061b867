/** Databases as folders and tables as files, so that they live and die with the volume they are on. */
import { FileError } from '../../files/file-view.ts';
import type { Box } from '../../shell/box.ts';
import type { Value } from './expression.ts';
import { SqlFault } from './lexer.ts';

export interface Column {
  name: string;
  /** As written, in lower case. */
  type: string;
  nullable: boolean;
  fallback?: Value;
  key: '' | 'PRI' | 'UNI' | 'MUL';
  counts: boolean;
}
export interface Table {
  columns: readonly Column[];
  rows: readonly (readonly Value[])[];
  /** What an AUTO_INCREMENT column counts to next. */
  next: number;
}

/** Parsed once for each content of a file. */
const parsed = new WeakMap<object, Table>();

export class Storage {
  readonly #box: Box;
  readonly #folder: string;
  readonly #extension: string;

  constructor(box: Box, folder: string, extension: string) {
    this.#box = box;
    this.#folder = folder;
    this.#extension = extension;
  }
  #write(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      throw new SqlFault(
        1030,
        'HY000',
        `Got error 168 - 'Unknown (generic) error from engine' from storage engine (${error.message})`,
      );
    }
  }
  databases(): string[] {
    const { files } = this.#box;
    if (files.find(this.#folder)?.kind !== 'folder') return [];
    return files
      .list(this.#folder)
      .filter(
        (name) => files.find(`${this.#folder}/${name}`)?.kind === 'folder' && !/^[#.]|lost\+found|_temp$/.test(name),
      );
  }
  create(database: string): void {
    this.#write(() => this.#box.files.makeFolder(`${this.#folder}/${database}`, { parents: true }));
  }
  drop(database: string): void {
    this.#write(() => this.#box.files.remove(`${this.#folder}/${database}`, { recursive: true }));
  }
  tables(database: string): string[] {
    const { files } = this.#box;
    const folder = `${this.#folder}/${database}`;
    if (files.find(folder)?.kind !== 'folder') return [];
    return files
      .list(folder)
      .filter((name) => name.endsWith(this.#extension))
      .map((name) => name.slice(0, -this.#extension.length));
  }
  #path(database: string, table: string): string {
    return `${this.#folder}/${database}/${table}${this.#extension}`;
  }
  read(database: string, table: string): Table | undefined {
    if (/[/\0]/.test(database + table)) return undefined;
    const node = this.#box.files.find(this.#path(database, table));
    if (node?.kind !== 'file') return undefined;
    const known = parsed.get(node);
    if (known !== undefined) return known;
    const read = JSON.parse(node.data) as Table;
    parsed.set(node, read);
    return read;
  }
  write(database: string, table: string, content: Table): void {
    if (/[/\0]/.test(table)) throw new SqlFault(1103, '42000', `Incorrect table name '${table}'`);
    this.#write(() => this.#box.files.write(this.#path(database, table), JSON.stringify(content)));
  }
  remove(database: string, table: string): void {
    this.#write(() => this.#box.files.remove(this.#path(database, table)));
  }
}
