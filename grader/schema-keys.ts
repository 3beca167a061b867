/** Which keys a format knows at a place: for "did you mean". */

interface Node {
  properties?: Record<string, Node>;
  items?: Node;
  anyOf?: Node[];
  additionalProperties?: Node | boolean;
}

/** All keys that any alternative of a JSON Schema knows at `path`. */
export function knownKeys(schema: object, path: readonly PropertyKey[]): string[] {
  let nodes: Node[] = [schema];
  for (const step of path) {
    nodes = nodes.flatMap(alternatives).flatMap((node) => {
      const next =
        typeof step === 'number' ? node.items : (node.properties?.[String(step)] ?? node.additionalProperties);
      return typeof next === 'object' ? [next] : [];
    });
  }
  return [...new Set(nodes.flatMap(alternatives).flatMap((node) => Object.keys(node.properties ?? {})))];
}

const alternatives = (node: Node): Node[] => (node.anyOf ? node.anyOf.flatMap(alternatives) : [node]);
