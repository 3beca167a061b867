/** The columns of each resource's Table, from the facts, with the sentences about them where set-up found some. */
import { customResourceOf } from '../../custom-resources/index.ts';
import { type Descriptions, descriptions } from '../../schema/descriptions/descriptions.ts';
import facts from '../../schema/facts/columns.json' with { type: 'json' };
import { metaSchema } from '../../schema/openapi/schema-facts.ts';
import type { ResourceInfo } from '../../schema/resources.ts';

/** meta/v1 TableColumnDefinition. */
export interface Column {
  name: string;
  type: string;
  format: string;
  description: string;
  /** 0: always shown; higher: with -o wide. */
  priority: number;
}

interface ColumnFact {
  name: string;
  type: string;
  format?: string;
  priority?: number;
  description?: string;
}

const columnFacts: Readonly<Record<string, readonly ColumnFact[]>> = facts;

const META = metaSchema('ObjectMeta');
/** Columns that show a field of the metadata are described by that field's sentence. */
const METADATA_FIELDS: Record<string, string> = {
  Name: 'name',
  Age: 'creationTimestamp',
  'Created At': 'creationTimestamp',
};

const metadataText = (name: string, texts: Descriptions): string => {
  const field = METADATA_FIELDS[name];
  return (field === undefined ? undefined : texts.field(META, field)) ?? '';
};

const column = ({ name, type, format = '', priority = 0, description }: ColumnFact, texts: Descriptions): Column => ({
  name,
  type,
  format,
  description: description ?? metadataText(name, texts),
  priority,
});

/** What every object can show. */
const NAME: ColumnFact = { name: 'Name', type: 'string', format: 'name' };
const GENERIC: readonly ColumnFact[] = [NAME, { name: 'Age', type: 'string' }];

export const isGeneric = ({ name }: { name: string }): boolean => METADATA_FIELDS[name] !== undefined;

/**
 * The columns that the real server prints. Of a resource whose cells nobody computes (`computed` false): those if name and age are
 * all there is, else just these two.
 */
export function columnsOf(info: ResourceInfo, computed: boolean, texts: Descriptions = descriptions()): Column[] {
  const custom = customResourceOf(info);
  if (custom) return [NAME, ...custom.columns.facts].map((fact) => column(fact, texts));
  const { resource, version, group } = info;
  const known = columnFacts[group === '' ? `${resource}.${version}` : `${resource}.${version}.${group}`];
  const used = known && (computed || known.every(isGeneric)) ? known : GENERIC;
  return used.map((fact) => column(fact, texts));
}
