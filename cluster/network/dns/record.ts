/** Questions and answers of DNS. Names have no dot at the end. */
export type QueryType = 'A' | 'AAAA' | 'SRV' | 'PTR' | 'CNAME' | 'TXT' | 'NS' | 'SOA' | 'MX' | 'ANY';

/** `ttl` in seconds. */
export type DnsRecord = { name: string; ttl: number } & (
  | { type: 'A' | 'AAAA' | 'CNAME' | 'PTR' | 'TXT'; data: string }
  | { type: 'SRV'; priority: number; weight: number; port: number; target: string }
);

export interface Answer {
  code: 'NOERROR' | 'NXDOMAIN' | 'SERVFAIL' | 'REFUSED';
  records: DnsRecord[];
}

export const isAddress6 = (address: string): boolean => address.includes(':');

export const addressRecord = (name: string, data: string, ttl: number): DnsRecord => ({
  name,
  ttl,
  type: isAddress6(data) ? 'AAAA' : 'A',
  data,
});
