/**
 * Time zones by their IANA names. Every name that a browser can report is known, older names and links
 * included (`Asia/Kolkata` and `Asia/Calcutta`): what was chosen is stored as it was chosen, and names are
 * compared by the zone they mean.
 */
import { IANAZone } from 'luxon';
import { tzlib_get_timezones } from 'timezones-ical-library';

/** One group of a select, e.g. `Asia` with its cities. */
export interface ZoneGroup {
  label: string;
  options: { value: string; label: string }[];
}

/** Offsets such as `+05:30` are no names; some versions of Intl take them. */
const ianaName = /^[A-Za-z][\w+-]*(\/[\w+-]+)*$/;

/** The name by which Intl knows the zone, the same for all its links; null when no such zone is known here. */
export function canonicalZone(name: string): string | null {
  if (!ianaName.test(name)) return null;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}

export const isZone = (name: string): boolean => canonicalZone(name) !== null;

/** Whether two names mean the same zone. */
export const sameZone = (a: string, b: string): boolean =>
  a === b || (canonicalZone(a) !== null && canonicalZone(a) === canonicalZone(b));

/** The zones of most schools that use this, with the key of their plain names; they come first in a list. */
export const commonZones = [
  ['eastern', 'America/New_York'],
  ['central', 'America/Chicago'],
  ['mountain', 'America/Denver'],
  ['arizona', 'America/Phoenix'],
  ['pacific', 'America/Los_Angeles'],
  ['alaska', 'America/Anchorage'],
  ['hawaii', 'Pacific/Honolulu'],
] as const;

let names: readonly string[] | null = null;

/** Every known name, links included, sorted. */
export function zoneNames(): readonly string[] {
  names ??= [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone'), ...tzlib_get_timezones()])]
    .filter(isZone)
    .sort((a, b) => a.localeCompare(b, 'en'));
  return names;
}

/**
 * What a person would look under. Offsets (`Etc/GMT+5`) and old names by country (`US/Eastern`, `Poland`) are
 * accepted, but not offered.
 */
const areas = new Set(
  'Africa America Antarctica Arctic Asia Atlantic Australia Europe Indian Pacific'.split(' '),
);
const isOffered = (name: string): boolean =>
  name === 'UTC' || (name.includes('/') && areas.has(name.split('/')[0]!));

/**
 * The name as people say it, with the distance to UTC at this moment: `America/Los_Angeles` → `Los Angeles
 * (America), UTC−8`. The words of the name are all in it, the place first, so that typing it finds it in a
 * list.
 */
export function zoneLabel(name: string, now: Date): string {
  const [place = name, ...around] = name.replaceAll('_', ' ').split('/').reverse();
  const words = around.length > 0 && isOffered(name) ? `${place} (${around.join(', ')})` : name;
  const distance =
    isZone(name) && name !== 'UTC' ? distanceText(IANAZone.create(name).offset(now.getTime())) : '';
  return distance ? `${words}, ${distance}` : words;
}

/** @param minutes east of UTC */
function distanceText(minutes: number): string {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.round(Math.abs(minutes) % 60)];
  return `UTC${minutes < 0 ? '−' : '+'}${hours}${rest > 0 ? `:${String(rest).padStart(2, '0')}` : ''}`;
}

/**
 * The list for a select, by continent or ocean, so that typing a city's name finds it.
 * @param other heading for names without a continent, such as `UTC`
 * @param now the moment of which the distance to UTC is told
 * @param chosen a name that is stored already: it stays in the list, whatever this list holds
 * @param t gives the common zones plain names and their own group in front: left out, they stay with their continents
 */
export function zoneGroups(
  other: string,
  now: Date,
  chosen?: string,
  t?: (key: string) => string,
): ZoneGroup[] {
  const listed = zoneNames().filter(isOffered);
  const all = chosen && !listed.includes(chosen) ? [chosen, ...listed] : listed;
  const groups = new Map<string, ZoneGroup['options']>();
  const common = new Set<string>(t ? commonZones.map(([, value]) => value) : []);
  if (t)
    groups.set(
      t('school.zone-name.common'),
      commonZones.map(([key, value]) => ({ value, label: t(`school.zone-name.${key}`) })),
    );
  for (const value of all) {
    if (common.has(value)) continue;
    const [area, ...rest] = value.split('/');
    const group = rest.length > 0 ? area! : other;
    groups.set(group, [...(groups.get(group) ?? []), { value, label: zoneLabel(value, now) }]);
  }
  return [...groups].map(([label, options]) => ({ label, options }));
}
