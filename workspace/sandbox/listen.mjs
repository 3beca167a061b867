/**
 * Runs inside a machine's network namespace, where the learner's `https://127.0.0.1:6443` is. Opens the listener, hands it to the server over
 * the channel it was started with, together with the process that keeps the namespaces, and ends when the server has said that it has it.
 */
import { createServer } from 'node:net';

const listener = createServer();
process.once('message', () => process.exit(0));
listener.listen(6443, '127.0.0.1', () => {
  process.send({ keeper: process.ppid }, listener);
});
