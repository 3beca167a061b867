import { expect, test } from '@jest/globals';
import { goJson, prettyJson } from './go-json.ts';

const META = { ref: 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' };

test.each([
  [
    'fields in the order of the struct',
    { uid: 'u', namespace: 'n', name: 'a' },
    META,
    '{"name":"a","namespace":"n","uid":"u"}',
  ],
  [
    'keys of a map sorted as text',
    { labels: { 10: 'a', 9: 'b', A: 'c' } },
    META,
    '{"labels":{"10":"a","9":"b","A":"c"}}',
  ],
  [
    'a field that the struct lacks comes last',
    { other: { b: 1, a: [2] }, name: 'a' },
    META,
    '{"name":"a","other":{"a":[2],"b":1}}',
  ],
  [
    'what no schema knows is sorted',
    { b: null, a: { d: true, c: 1.5 } },
    undefined,
    '{"a":{"c":1.5,"d":true},"b":null}',
  ],
  ['undefined fields are not there', { name: undefined, uid: 'u' }, META, '{"uid":"u"}'],
  ['HTML is escaped', { name: '<a & b>' }, META, String.raw`{"name":"\u003ca \u0026 b\u003e"}`],
])('%s', (_, value, of, text) => {
  expect(goJson(value as never, of)).toBe(text);
});

test('pretty', () => {
  expect(prettyJson(String.raw`{"a":{},"b":[],"c":[1,{"d":"x,{\"y\":[]}"}],"e":null}`)).toBe(
    String.raw`{
  "a": {},
  "b": [],
  "c": [
    1,
    {
      "d": "x,{\"y\":[]}"
    }
  ],
  "e": null
}`,
  );
});
