import { duplicate, invalid, path, required, type FieldError, type Path } from '../../api/field.ts';
import { equal } from '../../api/merge.ts';
import { IMMUTABLE, qualifiedName } from '../../api/names.ts';
import type { KubeObject } from '../../api/types.ts';
import { driverNameErrors } from '../core/persistent-volume/source.ts';
import type { Kind } from '../kind.ts';

interface Driver {
  name?: string;
  nodeID?: string;
  /** null: none, as the API keeps it. */
  topologyKeys?: string[] | null;
  allocatable?: { count?: number };
}
export type CsiNode = KubeObject & { spec?: { drivers?: Driver[] } };

/** Letters. */
const MAX_NODE_ID = 256;
const at = path('spec', 'drivers');

function keyErrors(keys: readonly string[], here: Path): FieldError[] {
  return keys.flatMap((key, position) => [
    ...(key === '' ? [required(here)] : []),
    ...(keys.indexOf(key) < position ? [duplicate(here, key)] : []),
    ...qualifiedName(key).map((detail) => invalid(here, key, detail)),
  ]);
}

const validate = ({ spec }: CsiNode): FieldError[] =>
  (spec?.drivers ?? []).flatMap(({ name = '', nodeID = '', topologyKeys, allocatable }, position, drivers) => {
    const here = at.index(position);
    const errors = driverNameErrors(name, here.child('name'));
    const id = here.child('nodeID');
    if (nodeID === '') errors.push(required(id));
    if (nodeID.length > MAX_NODE_ID) errors.push(invalid(id, nodeID, `must be ${MAX_NODE_ID} characters or less`));
    const count = allocatable?.count ?? 0;
    if (count < 0) {
      errors.push(invalid(here.child('allocatable', 'count'), count, 'must be greater than or equal to 0'));
    }
    if (drivers.findIndex((driver) => (driver.name ?? '') === name) < position) {
      errors.push(duplicate(here.child('name'), name));
    }
    return [...errors, ...keyErrors(topologyKeys ?? [], here)];
  });

/** As the server holds it, what may change left out. */
const shown = ({ name = '', nodeID = '', topologyKeys }: Driver) => ({
  Name: name,
  NodeID: nodeID,
  TopologyKeys: topologyKeys ?? null,
  Allocatable: null,
});

export const csiNode: Kind<CsiNode> = {
  resource: 'csinodes.storage.k8s.io',
  validate,
  // the whole node is looked at twice
  validateUpdate: (object, old) => [
    ...validate(object),
    ...validate(object),
    ...(old.spec?.drivers ?? []).flatMap((before) =>
      (object.spec?.drivers ?? []).flatMap((now) =>
        before.name !== now.name || equal(shown(before), shown(now)) ? [] : [invalid(at, shown(now), IMMUTABLE)],
      ),
    ),
  ],
  cells: ({ metadata, spec }) => [metadata.name, spec?.drivers?.length ?? 0, metadata.creationTimestamp ?? null],
};
