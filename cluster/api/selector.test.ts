import { expect, test } from '@jest/globals';
import {
  labelSelectorMatches,
  labelSelectorText,
  matches,
  nodeSelectorMatches,
  parseFieldSelector,
  parseLabelSelector,
  requirementsText,
} from './selector.ts';
import type { LabelSelector, NodeSelector } from './types.ts';

const labels = { app: 'web', tier: 'front', size: '5' };

test.each([
  ['app=web', true],
  ['app==web', true],
  ['app!=web', false],
  ['nope!=web', true],
  ['app', true],
  ['!app', false],
  ['! nope', true],
  ['app in (web, api)', true],
  ['app notin (web)', false],
  ['nope notin (web)', true],
  ['size>4', true],
  ['size<5', false],
  ['app>4', false],
  ['app=', false],
  ['app in ()', false],
  ['app=web,tier=back', false],
  ['', true],
  ['in in (in)', false],
])('%j matches: %s', (text, expected) => {
  expect(matches(parseLabelSelector(text), labels)).toBe(expected);
});

const LABEL_VALUE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

// Sentences of a real API server.
test.each([
  ['a=b=c', "found '=', expected: ',' or 'end of string'"],
  ['a in (b', "unable to parse requirement: found '', expected: ',' or ')'"],
  ['bad key!=x', "unable to parse requirement: found 'key', expected: in, notin, =, ==, !=, gt, lt"],
  ['a=$$', `unable to parse requirement: values[0][a]: Invalid value: "$$": ${LABEL_VALUE}`],
  ['=a', "found '=', expected: !, identifier, or 'end of string'"],
  ['a,', "found '', expected: identifier after ','"],
])('%j is refused', (text, sentence) => {
  expect(() => parseLabelSelector(text)).toThrow(expect.objectContaining({ message: sentence, code: 400 }));
});

test('requirements are printed by key, values sorted', () => {
  expect(requirementsText(parseLabelSelector('z=1,!b,a in (y,x),c'))).toBe('a in (x,y),!b,c,z=1');
});

test.each<[string, LabelSelector | undefined, boolean, string]>([
  ['no selector', undefined, false, '<none>'],
  ['an empty one', {}, true, '<none>'],
  ['labels', { matchLabels: { app: 'web', tier: 'front' } }, true, 'app=web,tier=front'],
  ['expressions', { matchExpressions: [{ key: 'app', operator: 'In', values: ['web'] }] }, true, 'app in (web)'],
  ['a label that must not be there', { matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }, false, '!app'],
  ['an unknown operator', { matchExpressions: [{ key: 'app', operator: 'Like', values: ['w'] }] }, false, '<error>'],
  ['In without values', { matchExpressions: [{ key: 'app', operator: 'In', values: [] }] }, false, '<error>'],
])('a selector in an object: %s', (_, selector, matched, text) => {
  expect(labelSelectorMatches(selector, labels)).toBe(matched);
  expect(labelSelectorText(selector)).toBe(text);
});

test.each([
  ['metadata.name=a', [{ field: 'metadata.name', op: '=', value: 'a' }]],
  [
    'b!=c,a==d',
    [
      { field: 'a', op: '=', value: 'd' },
      { field: 'b', op: '!=', value: 'c' },
    ],
  ],
  [String.raw`a=x\,y\=z\\`, [{ field: 'a', op: '=', value: String.raw`x,y=z${'\\'}` }]],
  ['', []],
])('field selector %j', (text, terms) => {
  expect(parseFieldSelector(text)).toEqual(terms);
});

test.each([
  ['a', "invalid selector: 'a'; can't understand 'a'"],
  [String.raw`a=b\c`, String.raw`invalid field selector: invalid escape sequence: \c`],
])('field selector %j is refused', (text, sentence) => {
  expect(() => parseFieldSelector(text)).toThrow(sentence);
});

const node = { metadata: { name: 'node01', labels: { disk: 'ssd', cores: '8' } } };
const term = (key: string, operator: string, ...values: string[]): NodeSelector => ({
  nodeSelectorTerms: [{ matchExpressions: [{ key, operator, values }] }],
});
test.each<[string, NodeSelector | undefined, boolean]>([
  ['none', undefined, true],
  ['In', term('disk', 'In', 'ssd', 'nvme'), true],
  ['NotIn', term('disk', 'NotIn', 'ssd'), false],
  ['Exists', term('disk', 'Exists'), true],
  ['Gt', term('cores', 'Gt', '4'), true],
  ['Lt', term('cores', 'Lt', '4'), false],
  ['Gt with no number', term('cores', 'Gt', 'four'), false],
  ['an empty term', { nodeSelectorTerms: [{}] }, false],
  [
    'by name',
    { nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['node01'] }] }] },
    true,
  ],
  [
    'one of two terms',
    {
      nodeSelectorTerms: [
        { matchExpressions: [{ key: 'disk', operator: 'In', values: ['hdd'] }] },
        { matchExpressions: [{ key: 'disk', operator: 'Exists' }] },
      ],
    },
    true,
  ],
])('node selector: %s', (_, selector, expected) => {
  expect(nodeSelectorMatches(selector, node)).toBe(expected);
});
