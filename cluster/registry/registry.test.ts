/** The road of a write: identity, preconditions, finalizers, grace, dry run. */
import { describe, expect, test } from '@jest/globals';
import type { ConfigMap, KubeObject, Pod } from '#cluster/api/types.ts';
import { Cluster } from '#cluster/cluster.ts';
import type { RequestContext } from '#cluster/registry/context.ts';
import { resources } from '#cluster/schema/resources.ts';

const START = Date.UTC(2026, 0, 31, 9);
const context: RequestContext = {
  user: { username: 'admin', groups: ['system:masters'] },
  dryRun: false,
  fieldManager: 'test',
  fieldValidation: 'Strict',
  warn: () => undefined,
};

function setting() {
  const cluster = Cluster.create({ now: START, kubelet: 'stand-in' });
  const { registry } = cluster;
  const target = (resource: string) => {
    const info = resources.find((one) => one.resource === resource);
    if (!info) throw new Error(`no ${resource}`);
    return registry.target(info);
  };
  const configMaps = target('configmaps');
  const create = (object: object, more: Partial<RequestContext> = {}) =>
    registry.create(configMaps, 'default', { apiVersion: 'v1', kind: 'ConfigMap', ...object } as KubeObject, {
      ...context,
      ...more,
    });
  const stored = (name: string) => cluster.store.get<ConfigMap>('configmaps', 'default', name);
  return { cluster, registry, target, configMaps, create, stored };
}
const change = (object: ConfigMap, metadata: object, data?: Record<string, string>): ConfigMap => ({
  ...structuredClone(object),
  metadata: { ...structuredClone(object.metadata), ...metadata },
  ...(data ? { data } : {}),
});

describe('create', () => {
  test('gives an identity, whatever the client says of it', () => {
    const { create } = setting();
    const { metadata } = create({
      metadata: {
        name: 'a',
        uid: 'mine',
        creationTimestamp: '1999-01-01T00:00:00Z',
        deletionTimestamp: '1999-01-01T00:00:00Z',
      },
    });
    expect(metadata).toMatchObject({ name: 'a', namespace: 'default', creationTimestamp: '2026-01-31T09:00:00Z' });
    expect(metadata.uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
    expect(metadata.deletionTimestamp).toBeUndefined();
  });

  test('is not made from a version', () => {
    const { create } = setting();
    expect(() => create({ metadata: { name: 'a', resourceVersion: '7' } })).toThrow(
      expect.objectContaining({ message: 'resourceVersion should not be set on objects to be created', code: 500 }),
    );
  });

  test('draws a name from a prefix', () => {
    const { create } = setting();
    expect(create({ metadata: { generateName: 'job-' } }).metadata.name).toMatch(
      /^job-[bcdfghjklmnpqrstvwxz2456789]{5}$/,
    );
  });

  test.each([
    ['a name that is taken', { metadata: { name: 'a' } }, 'configmaps "a" already exists'],
    [
      'a bad name',
      { metadata: { name: 'A_b' } },
      'ConfigMap "A_b" is invalid: metadata.name: Invalid value: "A_b": a lowercase RFC 1123 subdomain',
    ],
    [
      'another namespace',
      { metadata: { name: 'b', namespace: 'other' } },
      'the namespace of the provided object does not match the namespace sent on the request',
    ],
    [
      'no name at all',
      { metadata: {} },
      'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
    ],
  ])('refuses %s', (_name, object, message) => {
    const { create } = setting();
    create({ metadata: { name: 'a' } });
    expect(() => create(object)).toThrow(message);
  });

  test('stores nothing on a dry run', () => {
    const { create, stored, cluster } = setting();
    const before = cluster.store.revision;
    expect(create({ metadata: { name: 'a' } }, { dryRun: true }).metadata.uid).toBeDefined();
    expect(stored('a')).toBeUndefined();
    expect(cluster.store.revision).toBe(before);
  });
});

describe('update', () => {
  function withOne() {
    const all = setting();
    const object = all.create({ metadata: { name: 'a' }, data: { k: 'v' } }) as ConfigMap;
    const update = (next: ConfigMap) => all.registry.update(all.configMaps, 'default', 'a', next, context);
    return { ...all, object, update };
  }

  test('with the version that was read; an older one is a conflict', () => {
    const { object, update } = withOne();
    update(change(object, {}, { k: 'new' }));
    expect(() => update(change(object, {}, { k: 'late' }))).toThrow(
      'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
    );
  });

  test('that changes nothing makes no new version', () => {
    const { object, update, cluster } = withOne();
    const { revision } = cluster.store;
    expect(update(change(object, {})).metadata.resourceVersion).toBe(object.metadata.resourceVersion);
    expect(cluster.store.revision).toBe(revision);
  });

  test('keeps what belongs to the server', () => {
    const { object, update } = withOne();
    const { metadata } = update(
      change(object, { creationTimestamp: '1999-01-01T00:00:00Z', generation: 7 }, { k: 'new' }),
    );
    expect(metadata.creationTimestamp).toBe(object.metadata.creationTimestamp);
    expect(metadata.generation).toBeUndefined();
    expect(() =>
      update(change(object, { deletionTimestamp: '1999-01-01T00:00:00Z', resourceVersion: '' }, { k: 'newer' })),
    ).toThrow(
      'ConfigMap "a" is invalid: metadata.deletionTimestamp: Invalid value: "1999-01-01T00:00:00Z": field is immutable',
    );
  });

  test('under another name is refused', () => {
    const { object, update } = withOne();
    expect(() => update(change(object, { name: 'b' }))).toThrow(
      'the name of the object (b) does not match the name on the URL (a)',
    );
  });
});

describe('delete', () => {
  test('waits for finalizers, and the write that removes the last one lets go', () => {
    const { create, registry, configMaps, stored } = setting();
    create({ metadata: { name: 'held', finalizers: ['example.com/hold'] } });
    expect(registry.delete(configMaps, 'default', 'held', {}, context).gone).toBe(false);
    const marked = stored('held');
    expect(marked?.metadata.deletionTimestamp).toBe('2026-01-31T09:00:00Z');
    if (!marked) throw new Error('gone too early');
    registry.update(configMaps, 'default', 'held', change(marked, { finalizers: undefined }), context);
    expect(stored('held')).toBeUndefined();
  });

  test('of an object that is waited for cannot be undone by creating it again', () => {
    const { create, registry, configMaps } = setting();
    create({ metadata: { name: 'held', finalizers: ['example.com/hold'] } });
    registry.delete(configMaps, 'default', 'held', {}, context);
    expect(() => create({ metadata: { name: 'held' } })).toThrow(
      'object is being deleted: configmaps "held" already exists',
    );
  });

  test('checks preconditions', () => {
    const { create, registry, configMaps } = setting();
    const { metadata } = create({ metadata: { name: 'a' } });
    expect(() => registry.delete(configMaps, 'default', 'a', { preconditions: { uid: 'other' } }, context)).toThrow(
      `Operation cannot be fulfilled on ConfigMap "a": the UID in the precondition (other) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    );
  });

  test('gives a running pod its grace period, which a second delete may only shorten', () => {
    const { cluster, registry, target } = setting();
    const pods = target('pods');
    const pod: Pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web', namespace: 'default' },
      spec: { nodeName: 'node01', containers: [{ name: 'c', image: 'nginx' }] },
    };
    registry.create(pods, 'default', structuredClone(pod), context);
    const grace = (seconds?: number) =>
      registry.delete(pods, 'default', 'web', seconds === undefined ? {} : { gracePeriodSeconds: seconds }, context)
        .object.metadata.deletionGracePeriodSeconds;
    expect([grace(), grace(60), grace(5)]).toEqual([30, 30, 5]);
    expect(registry.delete(pods, 'default', 'web', { gracePeriodSeconds: 0 }, context).gone).toBe(true);
    expect(cluster.store.get('pods', 'default', 'web')).toBeUndefined();
  });
});
