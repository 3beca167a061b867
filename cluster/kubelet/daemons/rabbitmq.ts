/** RabbitMQ: starts, takes connections and says that it is well; queues are not simulated. */
import type { Context } from '../shell/box.ts';
import { atOnce, type Run } from '../shell/coroutine.ts';
import { mute } from './http-server.ts';
import { pause, untilSignal } from './serve.ts';

/** Milliseconds until it is up. */
const STARTS = 5000;

export function* rabbitmq(context: Context): Run {
  const { box, io } = context;
  io.stdout.write(
    `\n  ##  ##      RabbitMQ 4.2.0\n  ##  ##\n  ##########  Copyright (c) 2007-2025 Broadcom Inc and/or its subsidiaries\n  ######  ##\n  ##########  Licensed under the MPL 2.0. Website: https://rabbitmq.com\n\n  Starting broker...`,
  );
  const early = yield* pause(context, STARTS);
  if (early !== undefined) return early;
  io.stdout.write(' completed with 0 plugins.\n');
  for (const port of [4369, 5672, 15692, 25672]) box.listen(port, mute);
  return yield* untilSignal(context);
}
export const rabbitmqctl = ({ io, argv, box }: Context): Run =>
  atOnce(() => {
    const up = box.network.dial('127.0.0.1', 5672).kind === 'open';
    const words = argv.slice(1).filter((word) => !word.startsWith('-'));
    if (!up) {
      io.stderr.write(
        `Error: unable to perform an operation on node 'rabbit@${box.hostname}'. Please see diagnostics information and suggestions below.\n`,
      );
      return 69;
    }
    if (words[0] === 'ping')
      io.stdout.write(
        `Will ping rabbit@${box.hostname}. This only checks if the OS process is running and registered with epmd. Timeout: 60000 ms.\nPing succeeded\n`,
      );
    else if (words[0] === 'list_queues') io.stdout.write('Timeout: 60.0 seconds ...\nListing queues for vhost / ...\n');
    else if (words[0] === 'check_running')
      io.stdout.write(
        `Checking if RabbitMQ is running on node rabbit@${box.hostname} ...\nRabbitMQ on node rabbit@${box.hostname} is fully booted and running\n`,
      );
    else if (words[0] === 'status')
      io.stdout.write(`Status of node rabbit@${box.hostname} ...\nRuntime\n\nOS PID: 1\nRabbitMQ version: 4.2.0\n`);
    else {
      io.stderr.write(`${argv[0]}: ${words[0] ?? ''}: this can't be done in the simulated cluster\n`);
      return 64;
    }
    return 0;
  });
