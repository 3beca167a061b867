/** Asking a container how it is: a command in it, its web server, a port, or its gRPC health service. */
import type { Container } from '../../api/types.ts';
import { hostAddress } from '../address.ts';
import { instanceOf } from '../made.ts';
import type { Dialled } from '../shell/box.ts';
import type { Made, Work } from '../work.ts';
import { errs, fails, PASSES, portOf, seconds, type Finding, type Probe } from './finding.ts';
import { probeHttp, urlOf } from './http.ts';

/** Connections from the pod's node, as the kubelet makes them: no policy is asked about those to its own pods. */
export const dialFrom =
  ({ runtime, pod, node, life }: Work) =>
  (address: string, port: number): Dialled =>
    runtime.reach({ pod, node, podIP: life.sandbox?.address ?? '', from: hostAddress(node) }, address, port);

export function find(work: Work, made: Made, container: Container, probe: Probe): Finding {
  const limitMs = seconds(probe.timeoutSeconds, 1);
  const podIP = work.life.sandbox?.address ?? '';
  if (probe.httpGet) {
    const asked = urlOf(probe.httpGet, container, podIP);
    if ('problem' in asked) return errs(asked.problem);
    const { httpHeaders } = probe.httpGet;
    return probeHttp({ url: asked.url, headers: httpHeaders, agent: 'probe', limitMs, dial: dialFrom(work) });
  }
  if (probe.tcpSocket) {
    const port = portOf(probe.tcpSocket.port, container);
    if (typeof port === 'string') return errs(port);
    return tcp(probe.tcpSocket.host || podIP, port, limitMs, dialFrom(work));
  }
  if (probe.grpc) return grpc(work, made, probe.grpc, limitMs);
  return exec(work, made, container, probe.exec?.command ?? [], limitMs);
}

function tcp(host: string, port: number, limitMs: number, dial: ReturnType<typeof dialFrom>): Finding {
  const dialled = dial(host, port);
  const failed = (why: string, ms = 0) => fails(`dial tcp ${host}:${port}: ${why}`, ms);
  switch (dialled.kind) {
    case 'open':
      return PASSES;
    case 'refused':
      return failed('connect: connection refused');
    case 'unreachable':
      return failed('connect: no route to host', Math.min(limitMs, 3000));
    default:
      return failed('i/o timeout', limitMs);
  }
}

/** Which containers serve gRPC health checks: etcd, and agnhost where it is told to. */
const SERVES_HEALTH = /\/etcd$/;

function grpc(work: Work, made: Made, { port, service }: NonNullable<Probe['grpc']>, limitMs: number): Finding {
  const address = `${work.life.sandbox?.address ?? ''}:${port}`;
  const dialled = dialFrom(work)(work.life.sandbox?.address ?? '', port);
  const instance = instanceOf(work, made);
  const serves =
    instance !== undefined &&
    (SERVES_HEALTH.test(instance.image.repository) || instance.argv.includes('grpc-health-checking'));
  if (dialled.kind === 'open' && serves) {
    const known = service === undefined || service === '' || SERVES_HEALTH.test(instance.image.repository);
    return known ? PASSES : fails('error: health rpc probe failed: rpc error: code = NotFound desc = unknown service');
  }
  // it tries again and again until its time is over, whatever stands in its way
  const why = `timeout: failed to connect service "${address}" within ${limitMs / 1000}s: context deadline exceeded`;
  return fails(why, limitMs);
}

/** `$(NAME)` of variables with a plain value: all that a probe's command may refer to. */
const substituted = (word: string, container: Container): string =>
  word.replace(/\$\$|\$\(([^()]*)\)/g, (all, name: string | undefined) =>
    name === undefined ? '$' : (container.env?.find((one) => one.name === name && !one.valueFrom)?.value ?? all),
  );

function exec(work: Work, made: Made, container: Container, command: readonly string[], limitMs: number): Finding {
  const instance = instanceOf(work, made);
  if (instance === undefined || instance.process.ended !== undefined) {
    return errs('rpc error: code = Unknown desc = failed to exec in container: container is not running');
  }
  const argv = command.map((word) => substituted(word, container));
  const ran = work.runtime.runNow(instance, argv, limitMs);
  if ('refused' in ran) return errs(`rpc error: code = Unknown desc = ${ran.refused}`);
  if (ran.ms >= limitMs && ran.timedOut) {
    return fails(`command timed out: ${JSON.stringify(argv.join(' '))} timed out after ${limitMs / 1000}s`, limitMs);
  }
  return ran.code === 0 ? { ...PASSES, ms: ran.ms } : fails(ran.output, ran.ms);
}
