/**
 * Plays random sessions about one subject on a real control plane and on ours, lets both come to rest after each step, and
 * prints where the objects and events of the namespace part. The oracle plays each walk twice, at the same time: what differs
 * between its own runs is chance.
 * Usage: node test/differential/walks.ts ORACLE.kubeconfig OURS.kubeconfig SUBJECT [--seed 1] [--walks 10] [--at-once 4] [--show]
 * [--events] (compares the events too) [--on] (goes on after the first difference)
 */
import { parseArgs } from 'node:util';
import { autoscalers } from './walks/subjects/autoscalers.ts';
import { budgets } from './walks/subjects/budgets.ts';
import { daemonSets } from './walks/subjects/daemonsets.ts';
import { deployments } from './walks/subjects/deployments.ts';
import { jobs } from './walks/subjects/jobs.ts';
import { owners } from './walks/subjects/owners.ts';
import { quotas } from './walks/subjects/quotas.ts';
import { replicaSets, replicationControllers } from './walks/subjects/replicasets.ts';
import { statefulSets } from './walks/subjects/statefulsets.ts';
import { nameless, parting, stateOf } from './walks/state.ts';
import { Draw, play, type Step, type Subject } from './walks/step.ts';
import { Server, Side } from './walks/watched.ts';

const SUBJECTS: Record<string, Subject> = {
  autoscalers,
  budgets,
  daemonsets: daemonSets,
  deployments,
  jobs,
  owners,
  quotas,
  replicasets: replicaSets,
  replicationcontrollers: replicationControllers,
  statefulsets: statefulSets,
};
const MOST_MS = 20_000;
const MORE_LOOKS = 2;
const LONGEST = 60;

interface Options {
  show: boolean;
  events: boolean;
  on: boolean;
}

const written = (step: Step): string => {
  if ('waitMs' in step) return `wait ${step.waitMs} ms`;
  const { method, path, body } = step;
  const target =
    'pod' in step ? `pod ${step.pod.labels ?? ''}#${step.pod.which} ${path ?? ''}` : path?.replace(/.*<ns>\//, '');
  return `${method} ${target} ${body === undefined ? '' : JSON.stringify(body)}`;
};

async function walk(
  servers: readonly [Server, Server],
  name: string,
  subject: Subject,
  seed: number,
  options: Options,
) {
  const [oracle, ours] = servers;
  const run = `w${Date.now().toString(36)}-${seed}`;
  const sides = [new Side(oracle, `${run}a`), new Side(oracle, `${run}b`), new Side(ours, `${run}c`)];
  await Promise.all(sides.map((side) => side.open()));
  const out: string[] = [];
  let known = new Set<string>();
  for (const step of subject.steps(new Draw(seed * 7919))) {
    const answers = await Promise.all(
      sides.map(async (side) => {
        const answer = await play(side, step);
        await side.rest(subject.quiet, MOST_MS);
        return nameless(side)(answer);
      }),
    );
    out.push(`> ${written(step).slice(0, 900)} => ${answers[2]}`);
    const [one, two, own] = answers;
    const said = own !== one && own !== two ? [`- answer ${one}`, `+ answer ${own}`] : [];
    const differing = () => {
      const [first, second, ours] = sides.map(stateOf);
      const found = first && second && ours ? parting([first, second], ours) : [];
      return [...said, ...found].filter(
        (line) => (options.events || !/^. (\d+ x )?event/.test(line)) && !known.has(line),
      );
    };
    let fresh = differing();
    // one that lags behind on a busy machine is no difference
    for (let looks = 0; fresh.length > said.length && looks < MORE_LOOKS; looks++) {
      await Promise.all(sides.map((side) => side.rest(2 * subject.quiet, MOST_MS)));
      fresh = differing();
    }
    if (fresh.length > 0) {
      out.push(...fresh.slice(0, LONGEST));
      if (!options.on) break;
      known = new Set([...known, ...fresh]);
    }
  }
  const differs = out.some((line) => /^[-+]/.test(line));
  if (differs || options.show) process.stdout.write(`## ${name} --seed ${seed}\n${out.join('\n')}\n`);
  await Promise.all(sides.map((side) => side.close()));
  return differs;
}

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      seed: { type: 'string', default: '1' },
      walks: { type: 'string', default: '10' },
      'at-once': { type: 'string', default: '4' },
      show: { type: 'boolean', default: false },
      events: { type: 'boolean', default: false },
      on: { type: 'boolean', default: false },
    },
  });
  const [left, right, name = ''] = positionals;
  const subject = SUBJECTS[name];
  if (!left || !right || !subject) throw new Error(`usage: walks.ts ORACLE OURS ${Object.keys(SUBJECTS).join('|')}`);
  const servers = [new Server(left), new Server(right)] as const;
  const first = Number(values.seed);
  const seeds = Array.from({ length: Number(values.walks) }, (_, position) => first + position);
  const failed: number[] = [];
  await Promise.all(
    Array.from({ length: Number(values['at-once']) }, async () => {
      for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
        if (await walk(servers, name, subject, seed, values)) failed.push(seed);
      }
    }),
  );
  process.stdout.write(
    `${values.walks} walks, ${failed.length} differ: ${failed.toSorted((a, b) => a - b).join(' ')}\n`,
  );
  for (const server of servers) server.close();
}

await main();
