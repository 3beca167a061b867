/** What `systemctl status` shows of a service. */
import { formatDate } from '../commands/date.ts';
import type { Box, Machine } from '../shell/box.ts';
import { journalOf, printed } from './journal.ts';
import { unitFiles } from './kubelet-unit.ts';
import { isActive, type Service } from './node-services.ts';

const LINES = 10;
const UNITS: readonly (readonly [number, string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
];

/** `27min ago`, `4s ago`, `2h 5min ago`. */
function ago(ms: number): string {
  const parts: string[] = [];
  let left = Math.max(0, ms);
  for (const [size, unit] of UNITS) {
    const count = Math.floor(left / size);
    if (count > 0) parts.push(unit === 'd' ? `${count} day${count === 1 ? '' : 's'}` : `${count}${unit}`);
    left -= count * size;
  }
  return `${parts.length === 0 ? `${Math.floor(left / 1000)}s` : parts.slice(0, 2).join(' ')} ago`;
}

export function statusText(box: Box, machine: Machine, service: Service): string {
  const { kubelet } = machine.state();
  const { unit, about, docs, path, active, enabled, pid, command } = service;
  const own = unit === 'kubelet.service';
  // of what is tried every ten seconds, the last time counts
  const failing = active.startsWith('activating');
  const since = failing ? box.now() - ((box.now() - service.since) % 10_000) : service.since;
  const at = formatDate(since, '%a %Y-%m-%d %H:%M:%S UTC');
  const mark = isActive(service) ? '●' : failing ? '●' : '○';
  const dropIns = own ? unitFiles(box.files).slice(1) : [];
  const lines = [
    `${mark} ${unit} - ${about}`,
    `     Loaded: loaded (${path}; ${enabled ? 'enabled' : 'disabled'}; preset: enabled)`,
  ];
  if (dropIns.length > 0) {
    const names = dropIns.map(({ path: full }) => full.split('/').at(-1));
    const folder = dropIns[0]?.path.replace(/\/[^/]*$/, '') ?? '';
    lines.push(`    Drop-In: ${folder}`, `             └─${names.join(', ')}`);
  }
  lines.push(`     Active: ${active} since ${at}; ${ago(box.now() - since)}`);
  if (!isActive(service) && own && failing) {
    lines.push(
      `    Process: ${pid} ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS (code=${kubelet.code})`,
    );
  }
  lines.push(`       Docs: ${docs}`);
  if (isActive(service)) {
    lines.push(
      `   Main PID: ${pid} (${unit.replace('.service', '')})`,
      '      Tasks: 11 (limit: 4611)',
      '     Memory: 38.2M (peak: 39.0M)',
      '        CPU: 9.374s',
      `     CGroup: /system.slice/${unit}`,
      `             └─${pid} ${command}`,
    );
  } else if (failing) lines.push(`   Main PID: ${pid} (code=${kubelet.code})`, '        CPU: 62ms');
  const journal = own ? journalOf(box, machine).slice(-LINES) : [];
  if (journal.length > 0) lines.push('', ...journal.map((entry) => printed(entry, machine)));
  return `${lines.join('\n')}\n`;
}
