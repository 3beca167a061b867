/**
 * Every number that bounds a learner's machine, with its unit and the reason for its size.
 * Raising one costs the host that much for each open workspace.
 */

/** Bytes of /tmp: a few manifests and tmux sockets; helm unpacks charts of a few MB there. */
export const TMP_BYTES = 128 * 1024 * 1024;
/** Files in /tmp: inodes are kernel memory, which a size cap alone leaves open. */
export const TMP_INODES = 16_384;
/** Bytes of /dev/shm, for programs that insist on it. */
export const SHM_BYTES = 16 * 1024 * 1024;

/** Bytes of memory where a cgroup can hold it: kubectl peaks near 60 MB, helm near 120 MB; room for a handful at once. */
export const MEMORY_BYTES = 768 * 1024 * 1024;
/** Processes and threads at once: one kubectl is about 12 threads; a fork bomb ends here. */
export const PROCESSES = 512;
/** Share of a busy CPU against the kernel's default of 1024 (v1) or 100 (v2): the server's own loop goes first. */
export const CPU_SHARES_V1 = 256;
export const CPU_WEIGHT_V2 = 25;

/** Open files of one process. */
export const OPEN_FILES = 4_096;
/** Bytes of one file written: keeps `yes > file` from filling the disk under all homes at once. */
export const FILE_BYTES = 256 * 1024 * 1024;

/** Bytes and files in a learner's homes on one machine together: an exam's manifests are a few hundred KB. */
export const HOME_BYTES = 512 * 1024 * 1024;
export const HOME_FILES = 50_000;
/** Milliseconds between two looks at the disk and at the counters of limits. */
export const LOOK_EVERY_MS = 1_000;
/** Bytes and files by which the disk's free space must have changed for the homes to be measured. */
export const DISK_STEP_BYTES = 32 * 1024 * 1024;
export const DISK_FILES_STEP = 2_000;

/** Bytes of stdout, and of stderr, that `run` keeps; the rest is read and dropped. */
export const RUN_OUTPUT_BYTES = 4 * 1024 * 1024;
/** Bytes of a script that `run` takes. */
export const RUN_SCRIPT_BYTES = 1024 * 1024;
/** Connections to the API server open at once from one workspace; a watch holds one. */
export const API_CONNECTIONS = 128;

/** Logins by ssh to one host at once, and commands by sudo on one machine. */
export const SSH_LOGINS = 16;
export const SUDO_COMMANDS = 16;
/** Bytes of one message of sudo: a command line, or a piece of its input. */
export const SUDO_FRAME_BYTES = 128 * 1024;

/** Milliseconds until a machine must have handed out its listener: normally 60, but a loaded host may take seconds. */
export const MACHINE_START_MS = 15_000;

/** Unacknowledged bytes at which a terminal's output pauses; a screen full of text is about 10 KB. */
export const FLOW_HIGH_BYTES = 256 * 1024;
/** Unacknowledged bytes under which it resumes. Invariant: below FLOW_HIGH_BYTES, and above the acknowledgement step of the page. */
export const FLOW_LOW_BYTES = 64 * 1024;
/** Milliseconds that one stalled screen may hold up the others on the same shell before it is skipped and redrawn later. */
export const STALLED_SCREEN_MS = 1_000;
/** Lines above the screen that a reattaching terminal gets back. */
export const SCROLLBACK_LINES = 1_000;

/** Columns and rows accepted from a page; wider is a mistake or an attack on the twin's memory. */
export const MAX_COLUMNS = 500;
export const MAX_ROWS = 300;

/** Bytes typed or pasted that wait for a program to read them; more is dropped with a bell, as a terminal's own queue does. */
export const INPUT_QUEUE_BYTES = 1024 * 1024;
/** Milliseconds between two tries to hand input to a program that does not read; doubled each time up to the second number. */
export const INPUT_RETRY_MS = [2, 100] as const;

/** Pages that may show one terminal: each costs a copy of the output and, when it comes, a drawing of all lines. */
export const MAX_SCREENS = 16;
/** Terminals of one machine: an exam of 17 questions has one for each, and room for more; each is a bash of 5 MB and a twin. */
export const MAX_TERMINALS = 40;
/** Milliseconds between two changes of a terminal's size: each rearranges all lines above the screen. */
export const RESIZE_MS = 30;
/** Milliseconds from one shell's start to the next on the same terminal. */
export const RESTART_MS = 500;
