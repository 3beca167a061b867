/**
 * The system-call filter of a learner's processes, as the classic BPF program that bwrap's `--seccomp FD` loads.
 *
 * Everything is allowed but a short list. It is there for three things that namespaces leave open: pushing characters into the
 * terminal's input (TIOCSTI, TIOCLINUX), new user namespaces where the kernel offers no other way to refuse them, and kernel
 * interfaces that no lesson needs and that were the way out of sandboxes before.
 */

export type Architecture = 'amd64' | 'arm64';

/** AUDIT_ARCH_* of linux/audit.h. */
const AUDIT_ARCH: Record<Architecture, number> = { amd64: 0xc000003e, arm64: 0xc00000b7 };

/** System-call numbers by architecture, [amd64, arm64]; arm64 uses the generic table. */
const NUMBERS = {
  ioctl: [16, 29],
  clone: [56, 220],
  clone3: [435, 435],
  unshare: [272, 97],
  setns: [308, 268],
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  open_tree: [428, 428],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsmount: [432, 432],
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  bpf: [321, 280],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  open_by_handle_at: [304, 265],
  io_uring_setup: [425, 425],
  kexec_load: [246, 104],
  init_module: [175, 105],
  finit_module: [313, 273],
  process_vm_writev: [311, 271],
  syslog: [103, 116],
  personality: [135, 92],
  mount_setattr: [442, 442],
  fspick: [433, 433],
  quotactl: [179, 60],
  socket: [41, 198],
} as const satisfies Record<string, readonly [number, number]>;

type SystemCall = keyof typeof NUMBERS;

/** Refused with EPERM whatever the arguments. */
const REFUSED: readonly SystemCall[] = [
  'unshare',
  'setns',
  'mount',
  'umount2',
  'pivot_root',
  'open_tree',
  'move_mount',
  'fsopen',
  'fsmount',
  'add_key',
  'request_key',
  'keyctl',
  'bpf',
  'perf_event_open',
  'userfaultfd',
  'open_by_handle_at',
  'io_uring_setup',
  'kexec_load',
  'init_module',
  'finit_module',
  'process_vm_writev',
  'syslog',
  'mount_setattr',
  'fspick',
  'quotactl',
];

/**
 * Families of sockets that programs need: UNIX, INET, INET6, NETLINK (libc asks it for addresses). The others reach past the network namespace
 * (VSOCK leads to the hypervisor) or are little used kernel code (ALG, PACKET, CAN ...).
 */
const SOCKET_FAMILIES = [1, 2, 10, 16];

const EPERM = 1;
const ENOSYS = 38;
const EAFNOSUPPORT = 97;
/** PER_LINUX32 and the like, which change what later checks see; asking (0xffffffff) and PER_LINUX are allowed. */
const PERSONALITY_ASK = 0xffff_ffff;
const CLONE_NEWUSER = 0x1000_0000;
const TIOCSTI = 0x5412;
const TIOCLINUX = 0x541c;
/** Sets a line discipline, for which the kernel loads drivers that nobody here needs. */
const TIOCSETD = 0x5423;
/** System calls of the x32 ABI carry this bit under the amd64 architecture number. */
const X32_BIT = 0x4000_0000;

// linux/bpf_common.h and linux/seccomp.h
const LOAD = 0x20;
const JUMP_EQUAL = 0x15;
const JUMP_AT_LEAST = 0x35;
const JUMP_ANY_BIT = 0x45;
const RETURN = 0x06;
const ALLOW = 0x7fff_0000;
const ERRNO = 0x0005_0000;
const KILL_PROCESS = 0x8000_0000;

/** Offsets into struct seccomp_data; arguments are 64 bit, little endian on both architectures, and the kernel reads the low half of these. */
const OFFSET_NUMBER = 0;
const OFFSET_ARCH = 4;
const OFFSET_ARG0 = 16;
const OFFSET_ARG1 = 24;

interface Instruction {
  code: number;
  ifTrue: number;
  ifFalse: number;
  value: number;
}

const load = (offset: number): Instruction => ({ code: LOAD, ifTrue: 0, ifFalse: 0, value: offset });
const answer = (value: number): Instruction => ({ code: RETURN, ifTrue: 0, ifFalse: 0, value });
/** Goes on with the next instruction when the test holds, else skips `skip` instructions. */
const unlessSkip = (code: number, value: number, skip: number): Instruction => ({
  code,
  ifTrue: 0,
  ifFalse: skip,
  value,
});

/** The program as the bytes that the kernel reads: 8 bytes an instruction, host order (little endian). */
export function seccompProgram(architecture: Architecture): Uint8Array {
  const number = (call: SystemCall): number => NUMBERS[call][architecture === 'amd64' ? 0 : 1];
  const program: Instruction[] = [
    load(OFFSET_ARCH),
    // Another ABI (32-bit code on a 64-bit kernel) has other numbers: nothing here would be checked, so it may not run.
    { code: JUMP_EQUAL, ifTrue: 1, ifFalse: 0, value: AUDIT_ARCH[architecture] },
    answer(KILL_PROCESS),
    load(OFFSET_NUMBER),
  ];
  if (architecture === 'amd64') program.push(unlessSkip(JUMP_AT_LEAST, X32_BIT, 1), answer(ERRNO | ENOSYS));
  for (const call of REFUSED) program.push(unlessSkip(JUMP_EQUAL, number(call), 1), answer(ERRNO | EPERM));
  // clone3 takes its flags in memory, which a filter cannot read; told "no such call", libc falls back to clone.
  program.push(unlessSkip(JUMP_EQUAL, number('clone3'), 1), answer(ERRNO | ENOSYS));
  // Each block is entered for its call only, and answers: the number need not be loaded again.
  const block = (call: SystemCall, body: readonly Instruction[]): void => {
    program.push(unlessSkip(JUMP_EQUAL, number(call), body.length), ...body);
  };
  block('clone', [load(OFFSET_ARG0), unlessSkip(JUMP_ANY_BIT, CLONE_NEWUSER, 1), answer(ERRNO | EPERM), answer(ALLOW)]);
  block('socket', [
    load(OFFSET_ARG0),
    ...SOCKET_FAMILIES.flatMap((family) => [unlessSkip(JUMP_EQUAL, family, 1), answer(ALLOW)]),
    answer(ERRNO | EAFNOSUPPORT),
  ]);
  block('personality', [
    load(OFFSET_ARG0),
    ...[0, PERSONALITY_ASK].flatMap((persona) => [unlessSkip(JUMP_EQUAL, persona, 1), answer(ALLOW)]),
    answer(ERRNO | EPERM),
  ]);
  block('ioctl', [
    load(OFFSET_ARG1),
    ...[TIOCSTI, TIOCLINUX, TIOCSETD].flatMap((request) => [unlessSkip(JUMP_EQUAL, request, 1), answer(ERRNO | EPERM)]),
    answer(ALLOW),
  ]);
  program.push(answer(ALLOW));
  const bytes = new Uint8Array(program.length * 8);
  const view = new DataView(bytes.buffer);
  program.forEach((instruction, index) => {
    view.setUint16(index * 8, instruction.code, true);
    view.setUint8(index * 8 + 2, instruction.ifTrue);
    view.setUint8(index * 8 + 3, instruction.ifFalse);
    view.setUint32(index * 8 + 4, instruction.value >>> 0, true);
  });
  return bytes;
}

/** The filter's architecture for a value of `process.arch`; undefined where we have no numbers. */
export function seccompArchitecture(nodeArch: string): Architecture | undefined {
  if (nodeArch === 'x64') return 'amd64';
  if (nodeArch === 'arm64') return 'arm64';
  return undefined;
}
