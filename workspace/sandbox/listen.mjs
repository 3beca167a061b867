/**
 * Runs inside a machine's network namespace. Opens the listeners it is asked for (`127.0.0.1:6443`, where the learner's API server is), hands
 * them to the server over the channel it was started with, together with the process that keeps the namespaces, and ends when the server has
 * said that it has them.
 */
import { createServer } from 'node:net';

process.once('message', () => process.exit(0));
process.send({ keeper: process.ppid });
process.argv.slice(2).forEach((door, index) => {
  const [address, port] = door.split(':');
  const listener = createServer();
  listener.listen(Number(port), address, () => {
    process.send({ door: index }, listener);
  });
});
