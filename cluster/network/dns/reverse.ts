/** The names that addresses have in reverse lookups. */
import { BlockList, isIP } from 'node:net';

/** Eight groups of four digits. */
function expanded(address: string): string[] | undefined {
  if (isIP(address) !== 6) return undefined;
  const [head = '', tail] = address.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const missing = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length;
  return [...groups(head), ...Array<string>(missing).fill('0'), ...groups(tail ?? '')].map((one) =>
    one.padStart(4, '0'),
  );
}

/** `10.96.0.10` as `10.0.96.10.in-addr.arpa`. */
export function reverseNameOf(address: string): string {
  const groups = expanded(address);
  if (groups) return `${groups.join('').split('').toReversed().join('.')}.ip6.arpa`;
  return `${address.split('.').toReversed().join('.')}.in-addr.arpa`;
}

/** undefined: no such name. */
export function addressOfReverseName(name: string): string | undefined {
  const four = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\.in-addr\.arpa$/.exec(name);
  if (four) return four.slice(1).toReversed().join('.');
  const six = /^((?:[0-9a-f]\.){32})ip6\.arpa$/.exec(name);
  if (!six) return undefined;
  const digits = (six[1] ?? '').split('.').slice(0, 32).toReversed().join('');
  const list = new BlockList();
  list.addAddress((digits.match(/.{4}/g) ?? []).join(':'), 'ipv6');
  // a BlockList writes its addresses in their short form
  return /IPv6 (\S+)$/.exec(list.rules[0] ?? '')?.[1];
}
