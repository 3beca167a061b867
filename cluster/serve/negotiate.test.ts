import { expect, test } from '@jest/globals';
import { negotiate } from '#cluster/serve/negotiate.ts';

const PROTOBUF = 'application/vnd.kubernetes.protobuf';
const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io';

test.each([
  ['nothing asked', undefined, 'json', ''],
  ['anything', '*/*', 'json', ''],
  [
    'what kubectl get sends',
    `${TABLE},application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json`,
    'json',
    'Table',
  ],
  ['protobuf first', 'application/vnd.kubernetes.protobuf, */*', 'protobuf', ''],
  ['a table has no protobuf form', `${PROTOBUF};as=Table;v=v1;g=meta.k8s.io,application/yaml`, 'yaml', ''],
  [
    'metadata only has one',
    `${PROTOBUF};as=PartialObjectMetadata;v=v1;g=meta.k8s.io`,
    'protobuf',
    'PartialObjectMetadata',
  ],
  ['the more exact type first', '*/*,application/yaml', 'yaml', ''],
  ['a type without a subtype is passed over', 'application,application/yaml', 'yaml', ''],
  ['another version of the server', 'application/json;sv=v2,application/yaml', 'yaml', ''],
  ['yaml', 'application/yaml', 'yaml', ''],
  [
    'metadata only',
    'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
    'json',
    'PartialObjectMetadataList',
  ],
  [
    'an unknown transformation falls through',
    'application/json;as=Chart;v=v1;g=meta.k8s.io,application/json',
    'json',
    '',
  ],
  ['quality decides', 'application/yaml;q=0.5,application/json', 'json', ''],
])('%s', (_name, accept, encoding, as) => {
  expect(negotiate(accept)).toEqual({ encoding, as });
});

test.each([
  'text/html',
  'image/png',
  'application',
  TABLE.replace('v1', 'v9'),
  TABLE.replace('json', 'vnd.kubernetes.protobuf'),
])('%s is refused', (accept) => {
  expect(() => negotiate(accept)).toThrow('only the following media types are accepted: application/json');
});
