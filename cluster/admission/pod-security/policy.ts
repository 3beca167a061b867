/** What a namespace's labels ask for. */
import { invalid, path, type FieldError } from '../../api/field.ts';

const PREFIX = 'pod-security.kubernetes.io/';
const LEVELS = ['privileged', 'baseline', 'restricted'] as const;
export type Level = (typeof LEVELS)[number];

export interface LevelVersion {
  level: Level;
  /** As in labels: `latest` or `v1.x`. */
  version: string;
}
export interface Policy {
  enforce: LevelVersion;
  audit: LevelVersion;
  warn: LevelVersion;
}
type Mode = keyof Policy;
const MODES: readonly Mode[] = ['enforce', 'audit', 'warn'];

export const printLevel = ({ level, version }: LevelVersion): string => `${level}:${version}`;
/** Negative, zero, positive: `a` is less, as, or more strict. */
export const compareLevels = (a: Level, b: Level): number => LEVELS.indexOf(a) - LEVELS.indexOf(b);
/** The minor version; the latest is above all. */
export const minorOf = ({ version }: LevelVersion): number =>
  version === 'latest' ? Infinity : Number(version.slice(3));

type Labels = Readonly<Record<string, string>> | undefined;

/** A label that says nothing sensible counts as the strictest for enforcing, as nothing for the rest. */
export function policyOf(labels: Labels): { policy: Policy; errors: FieldError[] } {
  const errors: FieldError[] = [];
  const policy: Policy = {
    enforce: { level: 'privileged', version: 'latest' },
    audit: { level: 'privileged', version: 'latest' },
    warn: { level: 'privileged', version: 'latest' },
  };
  const wrong = (label: string, value: string, detail: string) =>
    errors.push(invalid(path('metadata', 'labels').key(label), value, detail));
  for (const mode of MODES) {
    const level = labels?.[PREFIX + mode];
    const known = LEVELS.find((one) => one === level);
    if (known) policy[mode].level = known;
    else if (level !== undefined) {
      policy[mode].level = mode === 'enforce' ? 'restricted' : 'privileged';
      wrong(PREFIX + mode, level, `must be one of ${LEVELS.join(', ')}`);
    }
    const label = `${PREFIX}${mode}-version`;
    const version = labels?.[label];
    if (version === undefined) continue;
    if (/^(latest|v1\.(0|[1-9]\d*))$/.test(version)) policy[mode].version = version;
    else wrong(label, version, 'must be "latest" or "v1.x"');
  }
  const enforced = LEVELS.find((one) => one === labels?.[`${PREFIX}enforce`]);
  if (enforced && labels?.[`${PREFIX}warn`] === undefined && compareLevels(enforced, policy.warn.level) > 0) {
    const version = labels?.[`${PREFIX}warn-version`] === undefined ? policy.enforce.version : policy.warn.version;
    policy.warn = { level: enforced, version };
  }
  return { policy, errors };
}
