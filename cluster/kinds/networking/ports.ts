import { invalid, type FieldError, type Path } from '../../api/field.ts';
import { portName, portNumber } from '../../api/names.ts';

export const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];

export const portNumberErrors = (port: number | undefined, at: Path): FieldError[] =>
  portNumber(port ?? 0).map((problem) => invalid(at, port ?? 0, problem));

export const portNameErrors = (name: string, at: Path): FieldError[] =>
  portName(name).map((problem) => invalid(at, name, problem));

export const portErrors = (port: number | string | undefined, at: Path): FieldError[] =>
  typeof port === 'string' ? portNameErrors(port, at) : portNumberErrors(port, at);
