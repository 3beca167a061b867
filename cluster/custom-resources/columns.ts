/** Table columns of a custom resource, and what stands in them. */
import { ageText } from '../api/durations.ts';
import type { Json, JsonObject, KubeObject } from '../api/types.ts';
import type { Cell } from '../kinds/kind.ts';
import type { PrinterColumn } from '../schema/structural/custom-resource-definition.ts';
import { findAll, parseJsonPath, printed, type JsonPath } from './json-path.ts';

/** As the Table says it; descriptions left out are the metadata field's own. */
export interface ColumnFact {
  name: string;
  type: string;
  format?: string;
  description?: string;
  priority?: number;
}

export interface Columns {
  /** The columns after the name. */
  facts: readonly ColumnFact[];
  /** `now`: milliseconds since 1970. */
  cells(object: KubeObject, now: number): Cell[];
}

const AGE: PrinterColumn = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };

interface Column {
  path: JsonPath;
  type: string;
}

export function columnsOf(columns: readonly PrinterColumn[] | undefined): Columns {
  const facts: ColumnFact[] = [];
  const paths: Column[] = [];
  for (const column of columns && columns.length > 0 ? columns : [AGE]) {
    const path = parseJsonPath(column.jsonPath);
    // the real server stops at the first column it cannot read
    if (!path) break;
    const {
      jsonPath,
      description = `Custom resource definition column (in JSONPath format): ${jsonPath}`,
      ...fact
    } = column;
    facts.push(column === AGE ? fact : { ...fact, description });
    paths.push({ path, type: column.type });
  }
  return {
    facts,
    cells: (object, now) => [
      object.metadata.name,
      ...paths.map(({ path, type }): Cell => {
        const [value] = findAll(path, object as unknown as JsonObject);
        return value === undefined ? null : cell(type, value, now);
      }),
    ],
  };
}

function cell(type: string, value: Json, now: number): Cell {
  switch (type) {
    case 'string':
      return printed(value);
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null;
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'date':
      if (typeof value !== 'string') return null;
      return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(value) && !Number.isNaN(Date.parse(value))
        ? ageText(now - Date.parse(value))
        : value === ''
          ? '<unknown>'
          : '<invalid>';
    default:
      return null;
  }
}
