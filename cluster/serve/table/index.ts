/** Answers as meta.k8s.io/v1 Tables: kubectl prints the cells as they come. */
import { ageText } from '../../api/durations.ts';
import type { KubeObject, ObjectMeta } from '../../api/types.ts';
import type { Cell, Kind, KindContext } from '../../kinds/kind.ts';
import type { ResourceInfo } from '../../schema/resources.ts';
import { type Column, columnsOf } from './columns.ts';

export type { Column } from './columns.ts';

/** What a row carries of its object, as the query's includeObject asks. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

export interface PartialObjectMetadata {
  kind: 'PartialObjectMetadata';
  apiVersion: 'meta.k8s.io/v1';
  metadata: ObjectMeta;
}

export interface Row {
  cells: Cell[];
  object: PartialObjectMetadata | KubeObject | null;
}

/** `metadata` of the list, or of the one object, is the caller's to fill in. */
export interface Table {
  kind: 'Table';
  apiVersion: 'meta.k8s.io/v1';
  metadata: { resourceVersion?: string; continue?: string; remainingItemCount?: number };
  columnDefinitions: Column[];
  rows: Row[];
}

export interface TableRequest {
  info: ResourceInfo;
  /** Computes the cells; without it, or without its `cells`, a row is name and age. */
  kind?: Kind | undefined;
  objects: readonly KubeObject[];
  context: KindContext;
  include: IncludeObject;
}

export function renderTable({ info, kind, objects, context, include }: TableRequest): Table {
  const columnDefinitions = columnsOf(info, kind?.cells !== undefined);
  const now = context.clock.now();
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: {},
    columnDefinitions,
    rows: objects.map((object) => ({
      cells: withAges(
        kind?.cells?.(object, context) ?? genericCells(object, columnDefinitions),
        columnDefinitions,
        now,
      ),
      object: included(object, include),
    })),
  };
}

const genericCells = ({ metadata }: KubeObject, columns: readonly Column[]): Cell[] =>
  columns.map(({ name }) => (name === 'Name' ? metadata.name : (metadata.creationTimestamp ?? null)));

/** Columns that hold how long ago something was. Those of type `date` hold the time itself: kubectl turns it into an age. */
const AGES = new Set(['Age', 'Last Seen', 'First Seen', 'Last Schedule']);
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

const withAges = (cells: readonly Cell[], columns: readonly Column[], now: number): Cell[] =>
  cells.map((cell, at) => {
    const column = columns[at];
    // a bookmark's object has no name
    if (column?.name === 'Name' && (cell === null || cell === undefined)) return '';
    if (column === undefined || column.type === 'date' || !AGES.has(column.name)) return cell;
    if (cell === null || cell === '') return '<unknown>';
    return typeof cell === 'string' && TIME.test(cell) ? ageText(now - Date.parse(cell)) : cell;
  });

function included(object: KubeObject, include: IncludeObject): Row['object'] {
  if (include === 'None') return null;
  if (include === 'Object') return object;
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
}
