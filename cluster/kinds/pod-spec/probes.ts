/** Probes and life cycle hooks: one handler each. */
import { forbidden, invalid, notSupported, required, type FieldError, type Path } from '../../api/field.ts';
import type { Container, PodSpec } from '../../api/types.ts';
import { each, firstOf, nonNegative, portNumber, portNumberOrName } from './scalars.ts';

type Probe = NonNullable<Container['livenessProbe']>;
type Lifecycle = NonNullable<Container['lifecycle']>;
type Handler = Pick<Probe, 'exec' | 'httpGet' | 'tcpSocket' | 'grpc'> &
  Pick<NonNullable<Lifecycle['postStart']>, 'sleep'>;

const HEADER_NAME =
  "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')";

function validateHttpGet(action: NonNullable<Handler['httpGet']>, path: Path): FieldError[] {
  const errors: FieldError[] = [];
  if (!action.path) errors.push(required(path.child('path')));
  errors.push(...portNumberOrName(action.port, path.child('port')));
  if (action.scheme !== 'HTTP' && action.scheme !== 'HTTPS')
    errors.push(notSupported(path.child('scheme'), action.scheme ?? '', ['HTTP', 'HTTPS']));
  for (const header of action.httpHeaders ?? [])
    errors.push(
      ...each(path.child('httpHeaders'), header.name, (name) => (/^[-A-Za-z0-9]+$/.test(name) ? [] : [HEADER_NAME])),
    );
  return errors;
}

function validateHandler(handler: Handler, gracePeriod: number, path: Path): FieldError[] {
  const { exec, httpGet, tcpSocket, grpc, sleep } = handler;
  const alternative = <T>(name: string, action: T | undefined, check: (action: T, at: Path) => FieldError[]) => ({
    field: path.child(name),
    present: action !== undefined,
    check: () => (action === undefined ? [] : check(action, path.child(name))),
  });
  const { errors, found } = firstOf(
    [
      alternative('exec', exec, ({ command }, at) =>
        (command ?? []).length === 0 ? [required(at.child('command'))] : [],
      ),
      alternative('httpGet', httpGet, validateHttpGet),
      alternative('tcpSocket', tcpSocket, ({ port }, at) => portNumberOrName(port, at.child('port'))),
      alternative('grpc', grpc, ({ port }, at) => portNumber(port ?? 0, at.child('port'))),
      alternative('sleep', sleep, ({ seconds }, at) =>
        seconds < 0 || seconds > gracePeriod
          ? [invalid(at, seconds, `must be non-negative and less than terminationGracePeriodSeconds (${gracePeriod})`)]
          : [],
      ),
    ],
    'may not specify more than 1 handler type',
  );
  return found ? errors : [required(path, 'must specify a handler type')];
}

function validateProbe(probe: Probe, gracePeriod: number, path: Path): FieldError[] {
  const errors = validateHandler(probe, gracePeriod, path);
  for (const name of [
    'initialDelaySeconds',
    'timeoutSeconds',
    'periodSeconds',
    'successThreshold',
    'failureThreshold',
  ] as const)
    errors.push(...nonNegative(probe[name], path.child(name)));
  const grace = probe.terminationGracePeriodSeconds;
  if (grace !== undefined && grace <= 0)
    errors.push(invalid(path.child('terminationGracePeriodSeconds'), grace, 'must be greater than 0'));
  return errors;
}

/** Liveness, readiness, startup, in this order. */
export function validateProbes(container: Container, gracePeriod: number, path: Path): FieldError[] {
  const errors: FieldError[] = [];
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe'] as const) {
    const probe = container[name];
    if (!probe) continue;
    const at = path.child(name);
    errors.push(...validateProbe(probe, gracePeriod, at));
    const grace = probe.terminationGracePeriodSeconds;
    if (name === 'readinessProbe') {
      if (grace !== undefined)
        errors.push(invalid(at.child('terminationGracePeriodSeconds'), grace, 'must not be set for readinessProbes'));
    } else if (probe.successThreshold !== 1)
      errors.push(invalid(at.child('successThreshold'), probe.successThreshold, 'must be 1'));
  }
  return errors;
}

const SIGNALS = (
  'SIGABRT SIGALRM SIGBUS SIGCHLD SIGCLD SIGCONT SIGFPE SIGHUP SIGILL SIGINT SIGIO SIGIOT SIGKILL SIGPIPE SIGPOLL ' +
  'SIGPROF SIGPWR SIGQUIT SIGRTMAX SIGRTMAX-1 SIGRTMAX-10 SIGRTMAX-11 SIGRTMAX-12 SIGRTMAX-13 SIGRTMAX-14 SIGRTMAX-2 ' +
  'SIGRTMAX-3 SIGRTMAX-4 SIGRTMAX-5 SIGRTMAX-6 SIGRTMAX-7 SIGRTMAX-8 SIGRTMAX-9 SIGRTMIN SIGRTMIN+1 SIGRTMIN+10 ' +
  'SIGRTMIN+11 SIGRTMIN+12 SIGRTMIN+13 SIGRTMIN+14 SIGRTMIN+15 SIGRTMIN+2 SIGRTMIN+3 SIGRTMIN+4 SIGRTMIN+5 ' +
  'SIGRTMIN+6 SIGRTMIN+7 SIGRTMIN+8 SIGRTMIN+9 SIGSEGV SIGSTKFLT SIGSTOP SIGSYS SIGTERM SIGTRAP SIGTSTP SIGTTIN ' +
  'SIGTTOU SIGURG SIGUSR1 SIGUSR2 SIGVTALRM SIGWINCH SIGXCPU SIGXFSZ'
).split(' ');

export function validateLifecycle(
  lifecycle: Lifecycle,
  gracePeriod: number,
  os: PodSpec['os'],
  path: Path,
): FieldError[] {
  const errors: FieldError[] = [];
  for (const name of ['postStart', 'preStop'] as const) {
    const hook = lifecycle[name];
    if (hook) errors.push(...validateHandler(hook, gracePeriod, path.child(name)));
  }
  const signal = lifecycle.stopSignal;
  if (signal !== undefined) {
    const at = path.child('stopSignal');
    const supported = os?.name === 'windows' ? ['SIGKILL', 'SIGTERM'] : SIGNALS;
    if (!os) errors.push(forbidden(at, 'may not be set for containers with empty `spec.os.name`'));
    else if (!supported.includes(signal)) errors.push(notSupported(at, signal, supported));
  }
  return errors;
}
