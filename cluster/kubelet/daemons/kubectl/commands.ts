/** What people let pods do with kubectl: get, delete, scale, rollout restart, auth, version. */
import { stringify } from 'yaml';
import type { Run, Wait } from '../../shell/coroutine.ts';
import { Client, fault, isFault, VERSION, type Fault, type Known } from './client.ts';
import { simplePath, tableText, type Table } from './printing.ts';

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

export class Kubectl extends Client {
  /** `pod/web`, or a resource and names. */
  #targets(words: readonly string[]): [resource: string, name: string][] {
    const [first = '', ...names] = words;
    if (first.includes('/'))
      return words.map((word): [string, string] => [word.split('/')[0] ?? '', word.split('/')[1] ?? '']);
    const resources = first.split(',');
    return resources.flatMap((resource) =>
      names.length === 0
        ? [[resource, ''] as [string, string]]
        : names.map((name): [string, string] => [resource, name]),
    );
  }

  *get(words: readonly string[]): Run {
    if (words.length === 0) {
      return this.fail(
        fault(
          'You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n\nerror: Required resource not specified.\nUse "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).\nSee \'kubectl get -h\' for help and examples',
        ),
      );
    }
    const output = this.flag('output') ?? '';
    const all = this.flags.has('all-namespaces');
    let [code, printed] = [0, 0];
    for (const [word, name] of this.#targets(words)) {
      const known = yield* this.resource(word);
      if (isFault(known)) return this.fail(known);
      const found = known;
      const query = new URLSearchParams();
      for (const [flag, key] of [
        ['selector', 'labelSelector'],
        ['field-selector', 'fieldSelector'],
      ] as const) {
        const value = this.flag(flag);
        if (value !== undefined) query.set(key, value);
      }
      const asTable = output === '' || output === 'wide';
      const path = `${this.path(found, name, all)}${query.size > 0 ? `?${query}` : ''}`;
      const said = yield* this.send('GET', path, asTable ? { accept: TABLE } : {});
      if (said === undefined) continue;
      if (isFault(said)) {
        code = this.fail(said);
        continue;
      }
      if (asTable) {
        const table = said as Table;
        if (table.rows.length === 0) {
          const where = found.resource.scope === 'Namespaced' && !all ? ` in ${this.namespace} namespace` : '';
          this.tool.context.io.stderr.write(`No resources found${where}.\n`);
        } else {
          const wide = output === 'wide';
          const bare = this.flags.has('no-headers');
          const text = tableText(table, { all: all && found.resource.scope === 'Namespaced', wide, bare });
          this.print(`${printed++ === 0 ? '' : '\n'}${text}`);
        }
        continue;
      }
      this.#object(said, found, output);
    }
    return code;
  }
  #object(said: unknown, known: Known, output: string): void {
    const items = (said as { items?: { metadata: { name: string } }[] }).items;
    if (output === 'name') {
      for (const { metadata } of items ?? [said as { metadata: { name: string } }]) {
        this.print(`${this.full(known)}/${metadata.name}\n`);
      }
    } else if (output === 'yaml') this.print(stringify(said, { indentSeq: false, lineWidth: 0 }));
    else if (output.startsWith('jsonpath=')) this.print(simplePath(said, output.slice('jsonpath='.length)));
    else this.print(`${JSON.stringify(said, undefined, 4)}\n`);
  }

  *delete(words: readonly string[]): Run {
    if (words.length === 0) {
      return this.fail(
        fault(
          "error: You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'",
        ),
      );
    }
    let code = 0;
    for (const [word, name] of this.#targets(words)) {
      const known = yield* this.resource(word);
      if (isFault(known)) return this.fail(known);
      const selector = this.flag('selector');
      const names = name === '' ? yield* this.#names(known, selector) : [name];
      if (isFault(names)) return this.fail(names);
      for (const one of names) {
        const said = yield* this.send('DELETE', this.path(known, one));
        if (isFault(said)) code = this.fail(said);
        else if (said !== undefined) {
          const from = known.resource.scope === 'Namespaced' ? ` from ${this.namespace} namespace` : '';
          this.print(`${this.full(known)} "${one}" deleted${from}\n`);
        }
      }
    }
    return code;
  }
  *#names(known: Known, selector: string | undefined): Generator<Wait, string[] | Fault, void> {
    if (selector === undefined && !this.flags.has('all')) {
      return fault('error: resource(s) were provided, but no name was specified');
    }
    const query = selector === undefined ? '' : `?labelSelector=${encodeURIComponent(selector)}`;
    const said = yield* this.send('GET', `${this.path(known)}${query}`);
    if (isFault(said)) return said;
    return (said as { items: { metadata: { name: string } }[] }).items.map(({ metadata }) => metadata.name);
  }

  *patch(words: readonly string[], body: object, done: string, part = ''): Run {
    for (const [word, name] of this.#targets(words)) {
      const known = yield* this.resource(word);
      if (isFault(known)) return this.fail(known);
      const said = yield* this.send('PATCH', `${this.path(known, name)}${part}`, {
        body: JSON.stringify(body),
        type: 'application/merge-patch+json',
      });
      if (isFault(said)) return this.fail(said);
      this.print(`${this.full(known)}/${name} ${done}\n`);
    }
    return 0;
  }

  *canI(words: readonly string[]): Run {
    const [verb = '', target = ''] = words;
    if (words.length !== 2) {
      return this.fail(
        fault(
          "error: you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.",
        ),
      );
    }
    const spec = target.startsWith('/')
      ? { nonResourceAttributes: { verb, path: target } }
      : { resourceAttributes: yield* this.#attributes(verb, target) };
    const said = yield* this.send('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
      type: 'application/json',
      body: JSON.stringify({ apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec }),
    });
    if (isFault(said)) return this.fail(said);
    const allowed = (said as { status?: { allowed?: boolean } }).status?.allowed === true;
    if (!this.flags.has('quiet')) this.print(allowed ? 'yes\n' : 'no\n');
    return allowed ? 0 : 1;
  }
  *#attributes(verb: string, target: string): Generator<Wait, object, void> {
    const [resource = '', name = ''] = target.split('/');
    const known = resource === '*' ? undefined : yield* this.resource(resource);
    const found = known === undefined || isFault(known) ? undefined : known;
    const all = this.flags.has('all-namespaces');
    const warn = (text: string) => this.tool.context.io.stderr.write(`Warning: ${text}\n\n`);
    const [bare = '', ...group] = resource.toLowerCase().split('.');
    if (isFault(known)) {
      const where = group.length > 0 ? ` in group '${group.join('.')}'` : '';
      warn(`the server doesn't have a resource type '${bare}'${where}`);
    } else if (found && !all && found.resource.scope !== 'Namespaced') {
      const where = found.group === '' ? '' : ` in group '${found.group}'`;
      warn(`resource '${found.resource.resource}' is not namespace scoped${where}`);
    }
    return {
      namespace: all ? '' : this.namespace,
      verb,
      group: resource === '*' ? '*' : (found?.group ?? ''),
      resource: found?.resource.resource ?? resource,
      name,
    };
  }
  *version(): Run {
    this.print(`Client Version: ${VERSION}\nKustomize Version: v5.7.1\n`);
    if (this.flags.has('client')) return 0;
    const said = yield* this.send('GET', '/version');
    if (isFault(said)) return this.fail(said);
    this.print(`Server Version: ${(said as { gitVersion: string }).gitVersion}\n`);
    return 0;
  }
}
