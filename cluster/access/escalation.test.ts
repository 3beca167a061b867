import { expect, test } from '@jest/globals';
import type { PolicyRule } from '../api/types.ts';
import { missingRules } from './escalation.ts';

/** `get,list|pods,secrets|apps|name` */
const rule = (text: string): PolicyRule => {
  const [verbs = '', resources = '', groups = '', names = ''] = text.split('|');
  return {
    verbs: verbs.split(','),
    resources: resources.split(','),
    apiGroups: groups.split(','),
    ...(names === '' ? {} : { resourceNames: names.split(',') }),
  };
};
const urls = (...nonResourceURLs: string[]): PolicyRule => ({ verbs: ['get'], nonResourceURLs });

test.each<[string, PolicyRule[], PolicyRule[], string[]]>([
  ['what is held', [rule('get,list|pods')], [rule('list|pods')], []],
  ['what is held in two rules', [rule('get|pods'), rule('list|pods')], [rule('get,list|pods')], []],
  ['anything, by a master of rules', [rule('*|*|*')], [rule('get,create|pods,nodes|,apps|x')], []],
  [
    'another verb',
    [rule('get|pods')],
    [rule('get,delete|pods')],
    ['{APIGroups:[""], Resources:["pods"], Verbs:["delete"]}'],
  ],
  [
    'verbs of one resource together, resources in order',
    [],
    [rule('list,get|secrets,pods')],
    [
      '{APIGroups:[""], Resources:["pods"], Verbs:["list" "get"]}',
      '{APIGroups:[""], Resources:["secrets"], Verbs:["list" "get"]}',
    ],
  ],
  ['a subresource of anything', [rule('update|*/scale|*')], [rule('update|deployments/scale|apps')], []],
  ['one object of all', [rule('get|secrets')], [rule('get|secrets||db')], []],
  [
    'all objects by who holds one',
    [rule('get|secrets||db')],
    [rule('get|secrets')],
    ['{APIGroups:[""], Resources:["secrets"], Verbs:["get"]}'],
  ],
  [
    'another object',
    [rule('get|secrets||db')],
    [rule('get|secrets||db,tls')],
    ['{APIGroups:[""], Resources:["secrets"], ResourceNames:["tls"], Verbs:["get"]}'],
  ],
  ['paths under one that is held', [urls('/logs/*')], [urls('/logs/a', '/logs/*')], []],
  ['other paths', [urls('/logs')], [urls('/logs/a')], ['{NonResourceURLs:["/logs/a"], Verbs:["get"]}']],
  ['a rule without verbs', [], [{ verbs: [], apiGroups: [''], resources: ['pods'] }], []],
])('%s', (_case, held, wanted, missing) => {
  expect(missingRules(held, wanted)).toEqual(missing);
});
