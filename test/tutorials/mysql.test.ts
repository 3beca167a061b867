/** "Run a Single-Instance Stateful Application". */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Learner } from './learner.ts';

let learner: Learner;
beforeAll(async () => {
  // one node for pods: what is on its disk is there for the next pod as well
  learner = await Learner.begin(['controlplane', 'node01']);
}, 60_000);
afterAll(() => learner.leave());

const POD = '$(kubectl get pods -l app=mysql -o name)';
const client = (sql: string) => `kubectl exec ${POD} -- mysql -ppassword -e "${sql}" 2>/dev/null`;

test('MySQL with a PersistentVolume keeps its data', async () => {
  await learner.ok('kubectl apply -f mysql-deployment.yaml', 3000);
  expect(await learner.ok('kubectl describe pod -l app=mysql | grep FailedScheduling')).toContain(
    'persistentvolumeclaim "mysql-pv-claim" not found',
  );
  await learner.ok('kubectl apply -f mysql-pv.yaml', 15_000);
  expect(await learner.ok("kubectl get pvc mysql-pv-claim --no-headers | awk '{print $2, $3}'")).toBe(
    'Bound mysql-pv-volume\n',
  );
  expect(await learner.ok("kubectl get pods -l app=mysql --no-headers | awk '{print $2, $3}'")).toBe('1/1 Running\n');
  expect(await learner.ok(`kubectl logs ${POD} | grep -c "ready for connections. Version: '9"`)).toBe('1\n');

  const { said, exit } = await learner.converse(
    'kubectl run -it --rm --image=mysql:9 --restart=Never mysql-client -- mysql -h mysql -ppassword',
    [
      ['try pressing enter.', '\r'],
      ['mysql> ', 'CREATE DATABASE shop;\r'],
      ['mysql> ', 'USE shop\r'],
      ['mysql> ', 'CREATE TABLE fruit (id INT AUTO_INCREMENT PRIMARY KEY,\r'],
      ['    -> ', 'name VARCHAR(20));\r'],
      ['mysql> ', "INSERT INTO fruit (name) VALUES ('apple'), ('pear');\r"],
      ['mysql> ', 'SELECT * FROM fruit;\r'],
      ['mysql> ', 'SELECT * FROM vegetables;\r'],
      ['mysql> ', 'exit\r'],
    ],
  );
  expect(exit).toBe(0);
  expect(said).toContain('Query OK, 1 row affected (0.01 sec)\n');
  expect(said).toContain('Database changed\n');
  expect(said).toContain('Query OK, 2 rows affected (0.01 sec)\nRecords: 2  Duplicates: 0  Warnings: 0\n');
  expect(said).toContain(
    '+----+-------+\n| id | name  |\n+----+-------+\n|  1 | apple |\n|  2 | pear  |\n+----+-------+\n2 rows in set (0.00 sec)\n',
  );
  expect(said).toContain("ERROR 1146 (42S02): Table 'shop.vegetables' doesn't exist\n");
  expect(said).toContain('Bye\npod "mysql-client" deleted');

  // the pod goes, the data stays
  await learner.ok(`kubectl delete ${POD}`, 15_000);
  expect(await learner.ok(client('SELECT name FROM shop.fruit ORDER BY name DESC'))).toBe('name\npear\napple\n');
  expect(await learner.ok(`kubectl logs ${POD} | grep -c "Initializing database files" || true`)).toBe('0\n');

  // an update recreates it
  await learner.ok('kubectl set env deployment/mysql MYSQL_DATABASE=other', 40_000);
  expect(await learner.ok(client('SHOW DATABASES'))).toBe(
    'Database\ninformation_schema\nmysql\nperformance_schema\nshop\nsys\n',
  );
  expect(await learner.run(`kubectl exec ${POD} -- mysql -pwrong -e "SELECT 1" 2>&1 | tail -n 2`)).toEqual({
    said: "ERROR 1045 (28000): Access denied for user 'root'@'localhost' (using password: YES)\ncommand terminated with exit code 1\n",
    exit: 0,
  });

  await learner.ok('kubectl delete deployment,svc mysql', 40_000);
  await learner.ok('kubectl delete pvc mysql-pv-claim', 3000);
  expect(await learner.ok("kubectl get pv mysql-pv-volume --no-headers | awk '{print $5}'")).toBe('Released\n');
  await learner.ok('kubectl delete pv mysql-pv-volume');
  expect(learner.faults).toEqual([]);
}, 240_000);

test('without its password MySQL says what it needs, again and again', async () => {
  await learner.ok('kubectl run nopass --image=mysql:9', 30_000);
  expect(await learner.ok('kubectl logs nopass --tail=4')).toBe(
    '    You need to specify one of the following as an environment variable:\n    - MYSQL_ROOT_PASSWORD\n    - MYSQL_ALLOW_EMPTY_PASSWORD\n    - MYSQL_RANDOM_ROOT_PASSWORD\n',
  );
  expect(
    await learner.ok(
      "kubectl get pod nopass -o jsonpath='{.status.containerStatuses[0].lastState.terminated.exitCode}'",
    ),
  ).toBe('1');
}, 60_000);
