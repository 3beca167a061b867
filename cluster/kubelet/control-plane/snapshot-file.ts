/** A saved snapshot of etcd: what is known of it, in a file as large as the smallest real one. */
import { createHash } from 'node:crypto';

export interface SnapshotFacts {
  revision: number;
  totalKey: number;
  version: string;
}

/** How the pages of a bbolt database begin, and its size in bytes; the digest of it all follows. */
const MAGIC = '\0\0\0\0\0\0\0\0\x04\0\0\0\0\0\0\0\xed\xda\x0c\xed';
const SIZE = 20_480;
const DIGEST = 32;

const digestOf = (data: string): string =>
  createHash('sha256').update(Buffer.from(data, 'latin1')).digest().toString('latin1');

/** `contents`: byte string of what a restored database holds. */
export function snapshotFile(facts: SnapshotFacts, contents = ''): string {
  const data = `${MAGIC}${JSON.stringify(facts)}`.padEnd(SIZE, '\0') + contents;
  return data + digestOf(data);
}

export type SnapshotRead = { facts: SnapshotFacts; hash: number; size: number; contents: string } | { problem: string };

export function readSnapshotFile(bytes: string): SnapshotRead {
  if (!bytes.startsWith(MAGIC)) return { problem: 'invalid database' };
  const data = bytes.slice(0, -DIGEST);
  const text = data.slice(MAGIC.length, data.indexOf('\0', MAGIC.length));
  try {
    const facts = JSON.parse(text) as SnapshotFacts;
    const hash = createHash('sha256').update(data, 'latin1').digest().readUInt32BE();
    return { facts, hash, size: bytes.length, contents: data.slice(SIZE) };
  } catch {
    return { problem: 'invalid database' };
  }
}

/** Whether the digest at its end is that of what comes before. */
export const isWhole = (bytes: string): boolean =>
  bytes.length > DIGEST && digestOf(bytes.slice(0, -DIGEST)) === bytes.slice(-DIGEST);
