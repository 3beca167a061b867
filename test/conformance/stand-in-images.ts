/**
 * The real kubelet of the recordings ran images made for them (oracle/images.py): their nginx and httpd are busybox's web server,
 * which prints nothing, while ours print what the real images do. What those say as they start is no difference.
 */

const ORIGIN = String.raw`(?:\[pod\/\S+\] )?`;
const STARTING: readonly RegExp[] = [
  new RegExp(`^${ORIGIN}(?:/docker-entrypoint\\.sh|10-listen-on-ipv6-by-default\\.sh): `),
  new RegExp(String.raw`^${ORIGIN}\d{4}/\d\d/\d\d \d\d:\d\d:\d\d \[notice\] \d+#\d+: `),
  new RegExp(String.raw`^${ORIGIN}AH00558: httpd: `),
  new RegExp(String.raw`^${ORIGIN}\[\w{3} \w{3} \d\d [\d:.]+ \d{4}\] \[(?:mpm_event|core):notice\] `),
];

/** What `kubectl logs` prints without those lines. */
export const withoutStartingLines = (command: string, text: string): string =>
  /\bkubectl (?:-n \S+ )?logs /.test(command)
    ? text
        .split('\n')
        .filter((line) => !STARTING.some((pattern) => pattern.test(line)))
        .join('\n')
    : text;
