/** Time zones of the IANA database, as Go loads them. */

const formats = new Map<string, Intl.DateTimeFormat>();

/** undefined: no such zone. */
function formatOf(zone: string): Intl.DateTimeFormat | undefined {
  const known = formats.get(zone);
  if (known) return known;
  try {
    const made = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zone, made);
    return made;
  } catch (error) {
    // how Intl says that it knows no such zone
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** A name of the database in its own spelling, or UTC. */
export function isTimeZone(name: string): boolean {
  if (name === '' || name === 'UTC' || name === 'Local') return true;
  const known = formatOf(name)?.resolvedOptions().timeZone;
  if (known === undefined || /^[+-]/.test(name)) return false;
  // the file names of the database are case sensitive; what resolves to another name is an alias
  return known.toLowerCase() !== name.toLowerCase() || known === name;
}

/** A Date whose UTC fields are what clocks in the zone show at `at` (milliseconds since 1970); undefined: no such zone. */
export function inZone(at: number, zone: string): Date | undefined {
  if (zone === '' || zone === 'UTC' || zone === 'Local') return new Date(at);
  const parts = formatOf(zone)?.formatToParts(at);
  if (parts === undefined) return undefined;
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return new Date(local + (((at % 1000) + 1000) % 1000));
}

/** RFC 3339 with the zone's own offset: `2026-05-01T19:00:00+09:00`. */
export function zonedTimeText(at: number, zone: string): string {
  const local = (inZone(at, zone) ?? new Date(at)).getTime();
  const text = new Date(local).toISOString().slice(0, 19);
  const minutes = Math.round((local - at) / 60_000);
  if (minutes === 0) return `${text}Z`;
  const two = (value: number) => String(value).padStart(2, '0');
  const offset = Math.abs(minutes);
  return `${text}${minutes < 0 ? '-' : '+'}${two(Math.floor(offset / 60))}:${two(offset % 60)}`;
}
