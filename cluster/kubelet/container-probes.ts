/** A running container's probes: started, alive, ready. */
import type { Container, ContainerStatus } from '../api/types.ts';
import { idOf, type Image } from './images.ts';
import type { Outcome } from './process.ts';
import { execState, stateOf, type Probe, type ProbeState, type Target } from './probes.ts';
import type { Instance } from './runtime/instance.ts';
import { end, outcomeOf, stopCode, type Place } from './container-outcome.ts';
import { graceOf, isDue, keyOf, lookAgainAt, tell, type Work } from './work.ts';

/** The kubelet notices an end by looking once a second. */
const NOTICE = 1000;

interface Probed {
  place: Place;
  outcome: Outcome & { kind: 'runs' };
  image: Image;
  startedAt: number;
  instance: Instance | undefined;
}

export function probe(
  work: Work,
  container: Container,
  status: ContainerStatus,
  { place, outcome, image, startedAt, instance }: Probed,
): ContainerStatus {
  const { startupProbe, livenessProbe, readinessProbe } = container;
  const elapsed = work.now - startedAt;
  const target: Target = {
    podIP: work.podIP,
    container,
    listens: outcome.listens,
    files: outcome.files,
    hasProgram: (name) =>
      image.programs.includes(name) ||
      outcomeOf(work, { ...container, command: [name], args: [] }, image).kind === 'runs',
    servesOnlyPages: image.programs.includes('nginx') || image.programs.includes('httpd'),
    configured: (container.volumeMounts ?? []).some((mount) => !mount.mountPath.startsWith('/var/run/secrets')),
  };
  const look = (kind: string, one: Probe, from = 0): ProbeState => {
    const command = one.exec?.command;
    const state =
      command === undefined || instance === undefined
        ? stateOf(one, target, elapsed, from)
        : execState(one, {
            memory: work.memory.probes,
            key: `${keyOf(work, container)}|${startedAt}|${kind}`,
            elapsed,
            from,
            run: () => work.runtime.runNow(instance, command, (one.timeoutSeconds ?? 1) * 1000),
          });
    // what keeps passing need not be looked at again before something changes
    const change = outcome.files.map((file) => startedAt + file.atMs).filter((when) => when > work.now);
    const settled = state.passing === true && command === undefined && (status.ready || kind !== 'Readiness');
    lookAgainAt(work, settled ? Math.min(Infinity, ...change) : startedAt + state.nextRun);
    if (state.problem !== undefined && state.lastRun !== undefined) {
      const period = Math.max((one.periodSeconds ?? 10) * 1000, 1000);
      const what = state.problem.errored
        ? `${kind} probe errored and resulted in unknown state: ${state.problem.message.replace('%ID%', idOf(container.name, work.now))}`
        : `${kind} probe failed: ${state.problem.message}`;
      if (isDue(work, `${container.name}|${kind}`, period)) {
        tell(work, 'Warning', 'Unhealthy', what, { role: place.role, name: container.name });
      }
    }
    return state;
  };
  const kill = (kind: string, one: Probe): ContainerStatus => {
    const message = `Container ${container.name} failed ${kind} probe, will be restarted`;
    if (isDue(work, `${container.name}|kill ${startedAt}`)) {
      tell(work, 'Normal', 'Killing', message, { role: place.role, name: container.name });
      work.memory.retries.set(`${keyOf(work, container)}|kill`, work.now);
    }
    const since = work.memory.retries.get(`${keyOf(work, container)}|kill`) ?? work.now;
    const grace = (one.terminationGracePeriodSeconds ?? graceOf(work.pod) / 1000) * 1000;
    const endsAt = since + (outcome.stopsOnSignal ? 0 : grace);
    lookAgainAt(work, Math.max(endsAt, work.now) + NOTICE);
    return work.now < endsAt ? { ...status, ready: false } : end(work, status, endsAt, stopCode(outcome));
  };

  let from = 0;
  if (startupProbe && status.started !== true) {
    const state = look('Startup', startupProbe);
    if (state.passing === false) return kill('startup', startupProbe);
    if (state.passing === undefined) return { ...status, started: false, ready: false };
    from = elapsed;
  }
  if (livenessProbe && look('Liveness', livenessProbe, from).passing === false) return kill('liveness', livenessProbe);
  const readiness = readinessProbe === undefined ? true : look('Readiness', readinessProbe, from).passing;
  return { ...status, started: true, ready: readiness ?? status.ready };
}
