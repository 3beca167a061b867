/**
 * Writes internal-fields.json: the fields of the API server's internal structs that make up a template of pods, read from the
 * sources of Kubernetes in the Go module cache. Run by us when the version changes: node internal-fields.mjs
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';

const MODULES = `${homedir()}/go/pkg/mod/k8s.io`;
const internal = readFileSync(`${MODULES}/kubernetes@v1.35.4/pkg/apis/core/types.go`, 'utf8');
const external = readFileSync(`${MODULES}/api@v0.35.4/core/v1/types.go`, 'utf8');

function structsOf(source) {
  const structs = new Map();
  for (const [, name, body] of source.matchAll(/^type (\w+) struct \{\n(.*?)^\}/gms)) {
    const fields = [];
    for (const line of body.split('\n')) {
      const text = line.replace(/\/\/.*/, '').trim();
      const match = /^(\w+)\s+([^\s`]+)(?:\s+`json:"([^",]*)[^`]*`)?$/.exec(text);
      const embedded = /^([\w.]+)(?:\s+`.*`)?$/.exec(text);
      if (match) fields.push({ go: match[1], type: match[2], wire: match[3] });
      else if (embedded) fields.push({ embedded: embedded[1] });
    }
    structs.set(name, fields);
  }
  return structs;
}

const structs = structsOf(internal);
const wires = structsOf(external);
const basic = new Map(
  [...internal.matchAll(/^type (\w+) (string|int32|int64|bool|map\S+)$/gm)].map(([, a, b]) => [a, b]),
);

/** Embedded structs laid flat. */
const flat = (all, name) =>
  (all.get(name) ?? []).flatMap((field) => (field.embedded ? flat(all, field.embedded) : [field]));

/** These moved from the spec into its security context. */
const OF_SPEC = {
  HostNetwork: 'hostNetwork',
  HostPID: 'hostPID',
  HostIPC: 'hostIPC',
  ShareProcessNamespace: 'shareProcessNamespace',
  HostUsers: 'hostUsers',
};

function emptyOf(type) {
  const known = basic.get(type) ?? type;
  if (/^(\*|\[\]|map)/.test(known) || known === 'ResourceList' || known === 'metav1.Time') return null;
  if (known === 'string') return '';
  if (known.startsWith('int')) return 0;
  if (known === 'bool') return false;
  if (known === 'resource.Quantity') return '0';
  return undefined;
}

const result = {};
const todo = ['PodSpec', 'Taint', 'PersistentVolumeSpec', 'PersistentVolumeSource', 'VolumeNodeAffinity'];
while (todo.length > 0) {
  const name = todo.pop();
  if (result[name]) continue;
  const wireOf = new Map(flat(wires, name).map(({ go, wire }) => [go, wire]));
  result[name] = flat(structs, name).map(({ go, type }) => {
    const bare = type.replace(/^[*[\]]+/, '');
    const nested = structs.has(bare) ? bare : undefined;
    if (nested) todo.push(nested);
    const empty = emptyOf(type);
    const wire = wireOf.get(go) ?? OF_SPEC[go] ?? go[0].toLowerCase() + go.slice(1);
    return nested ? [go, wire, empty === undefined ? {} : empty, nested] : [go, wire, empty ?? null];
  });
}
const sorted = Object.entries(result).toSorted(([a], [b]) => (a < b ? -1 : 1));
const lines = sorted.map(([name, fields]) => `"${name}": ${JSON.stringify(fields)}`);
writeFileSync(new URL('internal-fields.json', import.meta.url), `{\n${lines.join(',\n')}\n}\n`);
