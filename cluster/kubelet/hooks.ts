/** Hooks of a container's life: after it started, before it stops. */
import type { Container } from '../api/types.ts';
import { instanceOf } from './made.ts';
import { dialFrom } from './probing/find.ts';
import { get, urlOf } from './probing/http.ts';
import { nowOf, podText, type Course, type Made, type Work } from './work.ts';

type Hook = NonNullable<NonNullable<Container['lifecycle']>['postStart']>;
/** Milliseconds: a hook's request has no time limit of its own; nobody waits longer than this here. */
const LONGEST = 3_600_000;

/** Runs it to its end. Returns what went wrong, as the kubelet words it for the container's status. */
export function* runHook(
  work: Work,
  made: Made,
  container: Container,
  hook: Hook,
  until: number,
): Course<string | undefined> {
  const from = nowOf(work);
  const where = `for Container "${container.name}" in Pod "${podText(work.pod)}" failed - error:`;
  if (hook.sleep) {
    const end = Math.min(from + hook.sleep.seconds * 1000, until);
    while (nowOf(work) < end) yield { until: end };
    return undefined;
  }
  if (hook.exec) {
    const command = hook.exec.command ?? [];
    const failed = (why: string, output: string) =>
      `Exec lifecycle hook ([${command.join(' ')}]) ${where} ${why}, message: ${JSON.stringify(output)}`;
    const instance = instanceOf(work, made);
    if (instance === undefined || instance.process.ended !== undefined) {
      return failed('rpc error: code = Unknown desc = failed to exec in container: container is not running', '');
    }
    const ran = work.runtime.runNow(instance, command, Math.min(until - from, LONGEST));
    if ('refused' in ran) return failed(`rpc error: code = Unknown desc = ${ran.refused}`, '');
    const end = Math.min(from + ran.ms, until);
    while (nowOf(work) < end) yield { until: end };
    if (ran.code === 0) return undefined;
    return failed(`command '${command.join(' ')}' exited with ${ran.code}: ${ran.errors}`, ran.output);
  }
  if (hook.httpGet) {
    const failed = (why: string) => `HTTP lifecycle hook (${hook.httpGet?.path ?? ''}) ${where} ${why}`;
    const asked = urlOf(hook.httpGet, container, work.life.sandbox?.address ?? '');
    if ('problem' in asked) return failed(asked.problem);
    const request = {
      headers: hook.httpGet.httpHeaders,
      agent: 'lifecycle',
      limitMs: Math.min(until - from, LONGEST),
      dial: dialFrom(work),
    };
    let answer = get({ ...request, url: asked.url });
    if ('problem' in answer && answer.problem.endsWith('server gave HTTP response to HTTPS client')) {
      answer = get({ ...request, url: asked.url.replace(/^https/, 'http') });
    }
    if (!('problem' in answer)) return undefined;
    const end = Math.min(from + answer.ms, until);
    while (nowOf(work) < end) yield { until: end };
    return failed(answer.problem);
  }
  return undefined;
}
