/** The thin line through everything: a wrong answer, its explanation, the right one, and all of it there after a restart. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { JOURNEY_MS, startJourney } from './support/journey.ts';
import { LearnerTerminal } from './support/terminal.ts';

const journey = startJourney();

const HARD = '--hard=requests.cpu=2,requests.memory=2Gi,limits.memory=4Gi,pods=6';
const LIMITS = `kubectl create -f - <<YAML
apiVersion: v1
kind: LimitRange
metadata: {name: container-defaults, namespace: team-blue}
spec:
  limits:
  - type: Container
    defaultRequest: {cpu: 100m, memory: 128Mi}
    default: {memory: 256Mi}
    max: {memory: 512Mi}
YAML`;

test(
  'the quota task: a wrong answer is explained, the right one is kept over a restart',
  async () => {
    const page = await journey.signedIn();
    const terminal = new LearnerTerminal(page);
    const row = page.getByRole('row', { name: /Limit what a team may use/ });
    const checks = page.getByRole('region', { name: 'Checks' });
    const quota = checks.getByRole('listitem').filter({ hasText: 'ResourceQuota compute in team-blue' });

    await expect(row.innerText()).resolves.toContain('Not started');
    await row.getByRole('link').click();
    await terminal.ready();

    // The flag that chooses the namespace is forgotten.
    await expect(terminal.run(`kubectl create quota compute ${HARD}`)).resolves.toContain(
      'resourcequota/compute created',
    );
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await quota.getByText('Failed').waitFor();
    const verdict = await quota.innerText();
    expect(verdict).toContain('Close:');
    expect(verdict).toMatch(/default/);
    expect(verdict).toContain('Expected');
    expect(verdict).toContain('Found');
    await expect(checks.getByRole('status').innerText()).resolves.toBe('1 of 7 checks passed · 0 of 11 points');

    await terminal.run('kubectl delete quota compute');
    await terminal.run(`kubectl create quota compute -n team-blue ${HARD}`);
    await terminal.run(LIMITS);
    await terminal.run('kubectl rollout restart deployment api -n team-blue');
    await terminal.run('kubectl rollout status deployment api -n team-blue --timeout=60s');
    await terminal.run('echo kept > note.txt');
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await checks.getByText('7 of 7 checks passed · 11 of 11 points').waitFor();
    await checks.getByText('Solved.').waitFor();
    await page.getByRole('heading', { name: 'Solutions' }).waitFor();
    await page.goto(journey.trainer.origin);
    await row.getByText('Solved').waitFor();

    const first = journey.trainer;
    await page.goto('about:blank');
    const mountsBefore = mounts();
    await journey.restart(() => {
      // Nothing is mounted on the host by a server, nor left in the temporary folder or among its workspaces.
      expect(mounts()).toEqual(mountsBefore);
      expect(readdirSync(journey.folders.temporary)).toEqual([]);
      expect(folders(path.join(journey.folders.data, 'workspaces'))).toEqual([]);
    });
    await expect(first.stop()).resolves.toEqual({ exitCode: 0, signal: null, left: [] });

    // The cookie of the first start still counts, and so does the address.
    await page.goto(journey.trainer.origin);
    await row.getByText('Solved').waitFor();
    await row.getByRole('link').click();
    await checks.getByText('7 of 7 checks passed · 11 of 11 points').waitFor();
    await terminal.ready();
    await expect(terminal.run('cat note.txt')).resolves.toMatch(/^kept$/m);
    await expect(terminal.run('history')).resolves.toMatch(/kubectl rollout restart deployment api/);
    await expect(terminal.run('kubectl get quota,limits -n team-blue')).resolves.toMatch(
      /resourcequota\/compute[^]*limitrange\/container-defaults/,
    );
  },
  JOURNEY_MS,
);

/** Mount points of this machine that belong to the trainer under test. */
function mounts(): string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => line.includes('drydock-journey-'));
}

function folders(parent: string): string[] {
  return readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}
