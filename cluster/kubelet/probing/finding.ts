/** What a probe may find. */
import type { Container } from '../../api/types.ts';

export type Probe = NonNullable<Container['readinessProbe']>;

/** `ms`: milliseconds that it took to know. */
export type Finding = { ms: number } & (
  | { kind: 'passes' }
  /** It counts as passing, and something is said about it. */
  | { kind: 'warns'; message: string }
  | { kind: 'fails'; message: string }
  /** It could not be asked at all: counts as neither. */
  | { kind: 'errs'; message: string }
);

export const PASSES: Finding = { kind: 'passes', ms: 0 };
export const fails = (message: string, ms = 0): Finding => ({ kind: 'fails', message, ms });
export const errs = (message: string): Finding => ({ kind: 'errs', message, ms: 0 });

export const seconds = (value: number | undefined, otherwise: number): number => (value ?? otherwise) * 1000;

/** A port by number or by the name that the container gives it; a text is what is wrong with it. */
export function portOf(port: number | string, container: Container): number | string {
  const named =
    typeof port === 'number' ? port : (container.ports?.find((one) => one.name === port)?.containerPort ?? port);
  const number = Number(named);
  if (!Number.isInteger(number)) return `strconv.Atoi: parsing ${JSON.stringify(port)}: invalid syntax`;
  return number > 0 && number < 65_536 ? number : `invalid port number: ${number}`;
}
