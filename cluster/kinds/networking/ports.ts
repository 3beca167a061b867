import { invalid, type FieldError, type Path } from '../../api/field.ts';

export const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];

export const portNumberErrors = (port: number | undefined, at: Path): FieldError[] =>
  port !== undefined && Number.isInteger(port) && port >= 1 && port <= 65535
    ? []
    : [invalid(at, port ?? 0, 'must be between 1 and 65535, inclusive')];

export function portNameErrors(name: string, at: Path): FieldError[] {
  const problems: string[] = [];
  if (name.length > 15) problems.push('must be no more than 15 characters');
  if (!/^[-a-z0-9]+$/.test(name))
    problems.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(name)) problems.push('must contain at least one letter (a-z)');
  if (name.includes('--')) problems.push('must not contain consecutive hyphens');
  if (name.startsWith('-') || name.endsWith('-')) problems.push('must not begin or end with a hyphen');
  return problems.map((problem) => invalid(at, name, problem));
}

export const portErrors = (port: number | string | undefined, at: Path): FieldError[] =>
  typeof port === 'string' ? portNameErrors(port, at) : portNumberErrors(port, at);
