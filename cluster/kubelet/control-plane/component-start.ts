/**
 * Why a component of the control plane ends as soon as it has begun: a flag that there is not, a value it can't read, a file that
 * is missing. Its last words are those of 1.35, recorded from the real programs.
 */
import { isIP } from 'node:net';
import type { Context, Program } from '../shell/box.ts';
import known from './component-flags.json' with { type: 'json' };

export type ComponentName = keyof typeof known;
type Name = ComponentName;
type Type = 'truth' | 'address' | 'number' | 'duration' | 'text';

/** Types of the flags by name, of one program. */
const typesOf = (name: Name): ReadonlyMap<string, Type> =>
  new Map(
    Object.entries(known[name]).flatMap(([type, names]) =>
      names.split(' ').map((flag) => [flag, type as Type] as const),
    ),
  );
const TYPES = new Map<Name, ReadonlyMap<string, Type>>();
function flagsOf(name: Name): ReadonlyMap<string, Type> {
  const found = TYPES.get(name) ?? typesOf(name);
  TYPES.set(name, found);
  return found;
}

const TRUTH = /^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/;
const NUMBER = /^[+-]?\d+$/;
const DURATION = /^[+-]?(\d+(\.\d*)?(ns|us|µs|ms|s|m|h))+$|^0$/;

function valueProblem(type: Type | undefined, value: string): string | undefined {
  const text = JSON.stringify(value);
  if (type === 'truth' && !TRUTH.test(value)) return `strconv.ParseBool: parsing ${text}: invalid syntax`;
  if (type === 'address' && isIP(value.trim()) === 0) return `failed to parse IP: ${text}`;
  if (type === 'number' && !NUMBER.test(value)) return `strconv.ParseInt: parsing ${text}: invalid syntax`;
  if (type === 'duration' && !DURATION.test(value)) {
    return /^[+-]?\d+(\.\d*)?$/.test(value)
      ? `time: missing unit in duration ${text}`
      : `time: invalid duration ${text}`;
  }
  return undefined;
}

/** Values by name, or what is wrong with the first bad one. */
export function readComponentFlags(name: Name, args: readonly string[]): ReadonlyMap<string, string> | string {
  const types = flagsOf(name);
  const values = new Map<string, string>();
  const stray: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? '';
    if (!word.startsWith('--')) {
      if (word.startsWith('-') && word.length > 1) return `unknown shorthand flag: '${word.charAt(1)}' in ${word}`;
      stray.push(word);
      continue;
    }
    const equals = word.indexOf('=');
    const flag = word.slice(2, equals === -1 ? undefined : equals);
    const type = types.get(flag);
    if (type === undefined) return `unknown flag: --${flag}`;
    let value = equals === -1 ? undefined : word.slice(equals + 1);
    if (value === undefined && type === 'truth') value = 'true';
    value ??= args[++at];
    if (value === undefined) return `flag needs an argument: --${flag}`;
    const why = valueProblem(type, value);
    if (why !== undefined) return `invalid argument ${JSON.stringify(value)} for "--${flag}" flag: ${why}`;
    values.set(flag, value);
  }
  if (stray.length > 0) {
    return `${JSON.stringify(name)} does not take any arguments, got [${stray.map((word) => JSON.stringify(word)).join(' ')}]`;
  }
  return values;
}

const KEYS = ['service-account-private-key-file', 'root-ca-file'] as const;
const KEY_WORDS: Record<(typeof KEYS)[number], (path: string, why: string) => string> = {
  'service-account-private-key-file': (_path, why) => `error reading key for service account token controller: ${why}`,
  'root-ca-file': (path, why) => `error parsing root-ca-file at ${path}: ${why}`,
};

export const klog = (level: string, ms: number, text: string): string => {
  const iso = new Date(ms).toISOString();
  return `${level}${iso.slice(5, 7)}${iso.slice(8, 10)} ${iso.slice(11, 23)}000       1 ${text}\n`;
};

/** What the program says last, line by line; undefined: it starts. */
function lastWords(name: Name, { argv, box }: Context): string | undefined {
  const values = readComponentFlags(name, argv.slice(1));
  if (typeof values === 'string') return `Error: ${values}\n`;
  const missing = (flag: string): string | undefined => {
    const path = values.get(flag);
    return path === undefined || path === '' || box.files.find(path) ? undefined : path;
  };
  const now = box.now();
  const selfSigned = values.has('tls-cert-file')
    ? ''
    : klog('I', now, 'serving.go:386] Generated self-signed cert in-memory');
  const kubeconfig = missing('kubeconfig');
  if (kubeconfig !== undefined) return `${selfSigned}Error: stat ${kubeconfig}: no such file or directory\n`;
  const config = missing('config');
  if (config !== undefined) return `${selfSigned}Error: open ${config}: no such file or directory\n`;
  const file = name === 'kube-scheduler' ? values.get('config') : undefined;
  const exists = (path: string) => box.files.find(path) !== undefined;
  const problem = file && box.machine?.schedulerProblem?.(box.files.read(file), exists);
  if (problem) return `${selfSigned}Error: ${problem}\n`;
  for (const flag of KEYS) {
    const path = missing(flag);
    if (path === undefined) continue;
    const why = JSON.stringify(KEY_WORDS[flag](path, `open ${path}: no such file or directory`));
    return [
      selfSigned,
      klog('I', now, 'controllermanager.go:189] "Starting" version="v1.35.4"'),
      klog('I', now, 'controllermanager.go:191] "Golang settings" GOGC="" GOMAXPROCS="" GOTRACEBACK=""'),
      klog(
        'E',
        now,
        `controllermanager.go:575] "Error initializing a controller" err=${why} controller="serviceaccount-token-controller"`,
      ),
      klog('E', now, `controllermanager.go:257] "Error building controllers" err=${why}`),
    ].join('');
  }
  return undefined;
}

const isComponent = (name: string): name is Name => Object.hasOwn(known, name);

/** The program, if it can start; else its last words and code 1. */
export function startingChecked(name: string, program: Program): Program {
  if (!isComponent(name) || name === 'kube-apiserver') return program;
  return function* run(context) {
    const words = context.argv[1] === '--version' ? undefined : lastWords(name, context);
    if (words === undefined) return yield* program(context);
    context.io.stderr.write(words);
    return 1;
  };
}
