/** RabbitMQ. */
import { passOn } from '../daemons/entrypoints.ts';
import { rabbitmq as program, rabbitmqctl } from '../daemons/rabbitmq.ts';
import { ANY_VERSION, type ImageSpec } from './image.ts';

export const rabbitmq: ImageSpec = {
  repositories: ['rabbitmq'],
  tags: ANY_VERSION,
  size: 110,
  base: 'ubuntu',
  packages: ['perl', 'openssl'],
  entrypoint: ['docker-entrypoint.sh'],
  cmd: ['rabbitmq-server'],
  programs: {
    '/opt/rabbitmq/sbin/rabbitmq-server': program,
    '/opt/rabbitmq/sbin/rabbitmqctl': rabbitmqctl,
    '/opt/rabbitmq/sbin/rabbitmq-diagnostics': rabbitmqctl,
    '/usr/local/bin/docker-entrypoint.sh': passOn,
  },
  accounts: [['rabbitmq', 999, '/var/lib/rabbitmq', '/usr/sbin/nologin']],
  ports: [4369, 5671, 5672, 15691, 15692, 25672],
  env: {
    PATH: '/opt/rabbitmq/sbin:/opt/erlang/bin:/opt/openssl/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    RABBITMQ_VERSION: '4.2.0',
    RABBITMQ_DATA_DIR: '/var/lib/rabbitmq',
  },
};
