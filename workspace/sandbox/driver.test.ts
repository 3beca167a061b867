import { jest } from '@jest/globals';
import { driverSuite } from '../driver-suite.ts';
import { OPENSSH, TOOLS } from '../test-machine.ts';
import { createSandboxDriver } from './driver.ts';

// Real processes on a machine that may be busy: generous, and never waited out when all is well.
jest.setTimeout(60_000);

const log = (): void => undefined;
driverSuite('bubblewrap', (dataDir) => createSandboxDriver({ toolsDir: TOOLS, opensshDir: OPENSSH, dataDir, log }));
driverSuite('bubblewrap without an SSH server', (dataDir) => createSandboxDriver({ toolsDir: TOOLS, dataDir, log }));
