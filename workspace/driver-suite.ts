/** What any driver must do. A driver's own test calls this with a way to make one. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Driver, Machine, ShellProcess } from './driver.ts';

export function driverSuite(name: string, create: (dataDir: string) => Promise<Driver>): void {
  describe(`driver ${name}`, () => {
    let dataDir: string;
    let driver: Driver;
    let machine: Machine;
    let api: Server;
    const open = (id: string, files?: Record<string, string>): Promise<Machine> =>
      driver.open({
        id,
        ...(files && { files }),
        home: join(dataDir, 'homes', id),
        hostname: `host-${id}`,
        cluster: {
          kubeconfig: 'kind: Config\n',
          connect: () => connect((api.address() as AddressInfo).port, '127.0.0.1'),
        },
      });
    const script = async (on: Machine, source: string) => {
      const { stdout, stderr, ended } = on.script(source);
      const [out, err, exitCode] = await Promise.all([text(stdout), text(stderr), ended]);
      return { out, err, exitCode };
    };
    /** Waits until a shell has printed a text. */
    const printed = (shell: ShellProcess, wanted: string): Promise<string> =>
      new Promise((resolve) => {
        let seen = '';
        shell.onData((chunk) => {
          seen += Buffer.from(chunk).toString();
          if (seen.includes(wanted)) resolve(seen);
        });
      });

    beforeAll(async () => {
      dataDir = mkdtempSync(join(tmpdir(), 'drydock-driver-'));
      api = createServer((socket) => socket.end('the API server\n'));
      await new Promise<void>((resolve) => {
        api.listen(0, '127.0.0.1', resolve);
      });
      driver = await create(dataDir);
      machine = await open('suite');
    });
    afterAll(async () => {
      await driver.close();
      api.close();
      rmSync(dataDir, { recursive: true, force: true });
    });

    test('says what it is', () => {
      expect(driver.description).toMatch(/\S/);
    });

    test.each([
      {
        name: 'streams and exit code',
        source: 'echo out; echo err >&2; exit 3',
        out: 'out\n',
        err: 'err\n',
        exitCode: 3,
      },
      { name: 'a signal', source: 'kill -TERM $$', out: '', err: '', exitCode: 143 },
      { name: 'nothing to read', source: 'cat; echo end', out: 'end\n', err: '', exitCode: 0 },
      {
        name: 'where it is',
        source: 'hostname; pwd; id -un',
        out: 'host-suite\n/home/candidate\ncandidate\n',
        err: '',
        exitCode: 0,
      },
      { name: 'the kubeconfig', source: 'cat ~/.kube/config', out: 'kind: Config\n', err: '', exitCode: 0 },
      {
        name: 'the API server',
        source: 'curl -s --http0.9 http://127.0.0.1:6443',
        out: 'the API server\n',
        err: '',
        exitCode: 0,
      },
    ])('script: $name', async ({ source, out, err, exitCode }) => {
      expect(await script(machine, source)).toEqual({ out, err, exitCode });
    });

    test('script: killed with all it started', async () => {
      const running = machine.script('sleep 1000 & echo begun; sleep 1000');
      await new Promise((resolve) => running.stdout.once('data', resolve));
      running.kill();
      expect(await running.ended).not.toBe(0);
    });

    test('shell: size, input, resize, exit', async () => {
      const shell = machine.shell({ cols: 91, rows: 31 });
      const exited = new Promise((resolve) => shell.onExit(resolve));
      await printed(shell, '$ ');
      const sized = printed(shell, '31 91');
      expect(shell.write(Buffer.from('stty size\r'))).toBe(true);
      await sized;
      shell.resize({ cols: 70, rows: 20 });
      const again = printed(shell, '20 70');
      shell.write(Buffer.from('stty size\r'));
      await again;
      shell.write(Buffer.from('exit 5\r'));
      expect(await exited).toEqual({ exitCode: 5, signal: 0 });
      // Both after the end are no mistake: the end may be on its way.
      shell.resize({ cols: 80, rows: 24 });
      shell.write(Buffer.from('x'));
    });

    test('shell: paused, it prints nothing more; killed, it ends', async () => {
      const shell = machine.shell({ cols: 80, rows: 24 });
      const exited = new Promise((resolve) => shell.onExit(resolve));
      await printed(shell, '$ ');
      shell.pause();
      let bytes = 0;
      shell.onData((chunk) => (bytes += chunk.length));
      shell.write(Buffer.from('yes\r'));
      await script(machine, 'sleep 1');
      expect(bytes).toBeLessThan(256 * 1024);
      shell.resume();
      shell.kill();
      await exited;
    });

    test('home and /tmp are shared on one machine; another machine has its own', async () => {
      await script(machine, 'echo one > ~/file; echo two > /tmp/file');
      expect((await script(machine, 'cat ~/file /tmp/file')).out).toBe('one\ntwo\n');
      const other = await open('other');
      expect((await script(other, 'cat ~/file /tmp/file')).out).toBe('');
      await other.close();
    });

    test('closed and opened again: the home is as it was, what ran is gone', async () => {
      const first = await open('again');
      const running = first.script('echo kept > ~/kept; echo begun; sleep 1000');
      await new Promise((resolve) => running.stdout.once('data', resolve));
      await first.close();
      expect(await running.ended).not.toBe(0);
      const second = await open('again');
      expect((await script(second, 'cat ~/kept; pgrep -x sleep')).out).toBe('kept\n');
      await second.close();
    });

    test('files: in the home from its first day, the learner’s own, and never put there again', async () => {
      const files = { 'notes.txt': 'given\n', 'charts/web/Chart.yaml': 'name: web\n' };
      const first = await open('given', files);
      const own =
        'cat notes.txt charts/web/Chart.yaml; echo more > charts/web/values.yaml; mkdir charts/api; rm notes.txt';
      expect(await script(first, own)).toEqual({ out: 'given\nname: web\n', err: '', exitCode: 0 });
      await first.close();
      const second = await open('given', files);
      expect((await script(second, 'find . -type f -not -path "*/.*" | sort')).out).toBe(
        './charts/web/Chart.yaml\n./charts/web/values.yaml\n',
      );
      await second.close();
      await expect(open('outside', { '../out.txt': 'x' })).rejects.toThrow('not a path in a home: "../out.txt"');
    });

    test('hosts: reached by name where the driver can have them, refused where not', async () => {
      const options = {
        id: 'base',
        home: join(dataDir, 'homes', 'base'),
        hostname: 'base',
        hosts: [{ hostname: 'cka1', home: join(dataDir, 'homes', 'cka1') }],
      };
      if (!driver.hosts.possible) {
        await expect(driver.open(options)).rejects.toThrow(driver.hosts.why);
        return;
      }
      const base = await driver.open(options);
      expect(await script(base, 'ssh cka1 "hostname; exit 4"')).toEqual({ out: 'cka1\n', err: '', exitCode: 4 });
      await base.close();
    });
  });
}
