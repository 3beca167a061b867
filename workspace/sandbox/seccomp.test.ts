import { expect, test } from '@jest/globals';
import { seccompArchitecture, seccompProgram, type Architecture } from './seccomp.ts';

const ALLOW = 0x7fff_0000;
const EPERM = 0x0005_0001;
const ENOSYS = 0x0005_0026;
const NO_FAMILY = 0x0005_0061;
const KILL = 0x8000_0000;
const AMD64 = 0xc000_003e;
const ARM64 = 0xc000_00b7;
const I386 = 0x4000_0003;

/** What the kernel's interpreter would answer; the few instructions the program uses. */
function answer(program: Uint8Array, data: { arch: number; number: number; args?: [number, number] }): number {
  const view = new DataView(program.buffer);
  const words = new Map([
    [0, data.number],
    [4, data.arch],
    [16, data.args?.[0] ?? 0],
    [24, data.args?.[1] ?? 0],
  ]);
  let loaded = 0;
  for (let at = 0; at < program.length / 8; at += 1) {
    const code = view.getUint16(at * 8, true);
    const value = view.getUint32(at * 8 + 4, true);
    const jump = (holds: boolean): void => {
      at += view.getUint8(at * 8 + (holds ? 2 : 3));
    };
    if (code === 0x20) loaded = words.get(value) ?? Number.NaN;
    else if (code === 0x15) jump(loaded === value);
    else if (code === 0x35) jump(loaded >= value);
    else if (code === 0x45) jump((loaded & value) !== 0);
    else if (code === 0x06) return value;
    else throw new Error(`no such instruction: ${code}`);
  }
  throw new Error('ran past the end of the program');
}

type Case = { name: string; on: Architecture; arch: number; number: number; args?: [number, number]; says: number };

test.each<Case>([
  { name: 'read', on: 'amd64', arch: AMD64, number: 0, says: ALLOW },
  { name: 'the size of the terminal', on: 'amd64', arch: AMD64, number: 16, args: [0, 0x5413], says: ALLOW },
  { name: 'TIOCSTI', on: 'amd64', arch: AMD64, number: 16, args: [0, 0x5412], says: EPERM },
  { name: 'TIOCLINUX', on: 'amd64', arch: AMD64, number: 16, args: [0, 0x541c], says: EPERM },
  { name: 'TIOCSTI on arm64', on: 'arm64', arch: ARM64, number: 29, args: [0, 0x5412], says: EPERM },
  { name: 'a line discipline', on: 'amd64', arch: AMD64, number: 16, args: [0, 0x5423], says: EPERM },
  { name: 'a socket of IPv4', on: 'amd64', arch: AMD64, number: 41, args: [2, 1], says: ALLOW },
  { name: 'a socket to the hypervisor', on: 'amd64', arch: AMD64, number: 41, args: [40, 1], says: NO_FAMILY },
  { name: 'a packet socket on arm64', on: 'arm64', arch: ARM64, number: 198, args: [17, 3], says: NO_FAMILY },
  { name: 'asking for the personality', on: 'amd64', arch: AMD64, number: 135, args: [0xffff_ffff, 0], says: ALLOW },
  { name: 'another personality', on: 'amd64', arch: AMD64, number: 135, args: [8, 0], says: EPERM },
  { name: 'the last of the list', on: 'amd64', arch: AMD64, number: 179, says: EPERM },
  { name: 'fork', on: 'amd64', arch: AMD64, number: 56, args: [0x11, 0], says: ALLOW },
  { name: 'fork into a user namespace', on: 'amd64', arch: AMD64, number: 56, args: [0x1000_0011, 0], says: EPERM },
  { name: 'clone3, whose flags are out of sight', on: 'amd64', arch: AMD64, number: 435, says: ENOSYS },
  { name: 'unshare', on: 'amd64', arch: AMD64, number: 272, says: EPERM },
  { name: 'setns on arm64', on: 'arm64', arch: ARM64, number: 268, says: EPERM },
  { name: 'io_uring_setup', on: 'amd64', arch: AMD64, number: 425, says: EPERM },
  { name: 'a call of the x32 ABI', on: 'amd64', arch: AMD64, number: 0x4000_0010, says: ENOSYS },
  { name: '32-bit code', on: 'amd64', arch: I386, number: 54, says: KILL },
  { name: 'amd64 code under the filter of arm64', on: 'arm64', arch: AMD64, number: 0, says: KILL },
])('filter: $name', ({ on, says, ...data }) => {
  expect(answer(seccompProgram(on), data).toString(16)).toBe(says.toString(16));
});

test.each([
  ['x64', 'amd64'],
  ['arm64', 'arm64'],
  ['riscv64', undefined],
])('filter: the architecture of Node %s is %s', (nodeArch, architecture) => {
  expect(seccompArchitecture(nodeArch)).toBe(architecture);
});
