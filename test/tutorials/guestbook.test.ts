/** "Deploying PHP Guestbook application with Redis". */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Learner } from './learner.ts';

let learner: Learner;
beforeAll(async () => {
  learner = await Learner.begin();
}, 60_000);
afterAll(() => learner.leave());

const LEADER = '$(kubectl get pods -l role=leader -o name)';
const FRONTEND = '$(kubectl get pods -l tier=frontend -o name | head -n 1)';

test('a guestbook with its Redis leader and followers', async () => {
  await learner.ok('kubectl apply -f guestbook.yaml', 15_000);
  expect(await learner.ok("kubectl get deployments --no-headers | awk '{print $1, $2}'")).toBe(
    'frontend 3/3\nredis-follower 2/2\nredis-leader 1/1\n',
  );
  expect(await learner.ok(`kubectl logs ${LEADER} | grep -o "Ready to accept connections"`)).toBe(
    'Ready to accept connections\n',
  );
  expect(
    await learner.ok('kubectl logs deployment/redis-follower 2>/dev/null | grep -o "MASTER <-> REPLICA sync: .*"'),
  ).toBe('MASTER <-> REPLICA sync: Finished with success\n');

  // what is written through the leader is read through a follower
  const page = (path: string) => learner.ok(`kubectl exec ${FRONTEND} -- curl -s "http://frontend${path}"`);
  expect(await page('/')).toContain('<h2>Guestbook</h2>');
  expect(await page('/guestbook.php?cmd=set&key=messages&value=,hello')).toBe('{"message": "Updated"}');
  expect(await page('/guestbook.php?cmd=get&key=messages')).toBe('{"data": ",hello"}');
  expect(await learner.ok(`kubectl exec ${LEADER} -- redis-cli get messages`)).toBe(',hello\n');
  expect(await learner.run('kubectl exec deploy/redis-follower -- redis-cli set messages x')).toEqual({
    said: "READONLY You can't write against a read only replica.\n\n",
    exit: 0,
  });
  expect(
    await learner.ok('kubectl exec deploy/redis-follower -- redis-cli info replication | grep -E "role|link"'),
  ).toBe('role:slave\r\nmaster_link_status:up\r\n');
  expect(await learner.ok(`kubectl logs ${FRONTEND} -c php-redis | grep -c "GET /"`)).toMatch(/^[0-3]\n$/);

  await learner.ok('kubectl scale deployment frontend --replicas=5', 5000);
  expect(await learner.ok('kubectl get pods -l tier=frontend --no-headers | wc -l')).toBe('5\n');
  await learner.ok('kubectl scale deployment frontend --replicas=2', 35_000);
  expect(await learner.ok('kubectl get pods -l tier=frontend --no-headers | wc -l')).toBe('2\n');

  // the leader keeps nothing that it did not keep on a volume
  await learner.ok(`kubectl delete ${LEADER}`, 10_000);
  expect(await learner.ok(`kubectl exec ${LEADER} -- redis-cli get messages`)).toBe('\n');

  expect(await learner.ok('kubectl delete deployment -l app=redis')).toBe(
    'deployment.apps "redis-follower" deleted from default namespace\ndeployment.apps "redis-leader" deleted from default namespace\n',
  );
  expect(learner.faults).toEqual([]);
}, 180_000);
