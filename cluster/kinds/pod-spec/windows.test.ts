import { expect, test } from '@jest/globals';
import { path, printFieldError } from '../../api/field.ts';
import type { PodSpec } from '../../api/types.ts';
import { validateHostProcess, validateOs, validateWindowsOptions } from './windows.ts';

test.each([
  ['a user', { runAsUserName: 'ContainerUser' }, []],
  ['a user of a domain', { runAsUserName: 'corp.example\\svc' }, []],
  ['no user', { runAsUserName: '' }, ['w.runAsUserName: Invalid value: "": runAsUserName cannot be an empty string']],
  [
    'two backslashes',
    { runAsUserName: 'a\\b\\c' },
    ['w.runAsUserName: Invalid value: "a\\\\b\\\\c": runAsUserName cannot contain more than one backslash'],
  ],
  [
    'dots alone',
    { runAsUserName: '..' },
    ['w.runAsUserName: Invalid value: "..": runAsUserName\'s User cannot contain only periods or spaces'],
  ],
  [
    'an empty credential',
    { gmsaCredentialSpec: '' },
    ['w.gmsaCredentialSpec: Invalid value: "": gmsaCredentialSpec cannot be an empty string'],
  ],
])('options: %s', (_name, options, sentences) => {
  expect(validateWindowsOptions(options, path('w')).map(printFieldError)).toEqual(sentences);
});

const spec = (more: Partial<PodSpec>): PodSpec => ({ containers: [{ name: 'main' }], ...more });

test.each([
  ['none given', spec({}), []],
  [
    'an unknown one',
    spec({ os: { name: 'darwin' } }),
    ['os: Unsupported value: "darwin": supported values: "linux", "windows"'],
  ],
  [
    'windows with a group of Linux',
    spec({ os: { name: 'windows' }, securityContext: { fsGroup: 1 } }),
    ['securityContext.fsGroup: Forbidden: cannot be set for a windows pod'],
  ],
  [
    'linux with options of Windows',
    spec({ os: { name: 'linux' }, securityContext: { windowsOptions: {} } }),
    ['securityContext.windowsOptions: Forbidden: windows options cannot be set for a linux pod'],
  ],
])('operating system: %s', (_name, given, sentences) => {
  expect(validateOs(given, path('')).map((error) => printFieldError(error).replace('[].', ''))).toEqual(sentences);
});

test('processes of the node need its network', () => {
  const given = spec({ securityContext: { windowsOptions: { hostProcess: true } } });
  expect(validateHostProcess(given, path('spec')).map(printFieldError)).toEqual([
    'spec.hostNetwork: Invalid value: false: hostNetwork must be true if pod contains any hostProcess containers',
  ]);
});
