/**
 * Time zones by their IANA names. Every name that a browser can report is known, older names and links included
 * (`Asia/Kolkata` and `Asia/Calcutta`): what was chosen is stored as it was chosen, and names are compared by the zone they mean.
 */
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

let names: readonly string[] | null = null;

/** Every known name, links included, sorted. */
export function zoneNames(): readonly string[] {
  names ??= [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone'), ...tzlib_get_timezones()])]
    .filter(isZone)
    .sort((a, b) => a.localeCompare(b, 'en'));
  return names;
}

/** What a person would look under. Offsets (`Etc/GMT+5`) and old names by country (`US/Eastern`, `Poland`) are accepted, but not offered. */
const areas = new Set(
  'Africa America Antarctica Arctic Asia Atlantic Australia Europe Indian Pacific'.split(' '),
);
const isOffered = (name: string): boolean =>
  name === 'UTC' || (name.includes('/') && areas.has(name.split('/')[0]!));

/**
 * The list for a select, by continent or ocean, so that typing a city's name finds it.
 * @param other heading for names without a continent, such as `UTC`
 * @param chosen a name that is stored already: it stays in the list, whatever this list holds
 */
export function zoneGroups(other: string, chosen?: string): ZoneGroup[] {
  const listed = zoneNames().filter(isOffered);
  const all = chosen && !listed.includes(chosen) ? [chosen, ...listed] : listed;
  const groups = new Map<string, ZoneGroup['options']>();
  for (const value of all) {
    const [area, ...rest] = value.split('/');
    const group = rest.length > 0 ? area! : other;
    const label = (rest.length > 0 ? rest.join(' / ') : value).replaceAll('_', ' ');
    groups.set(group, [...(groups.get(group) ?? []), { value, label }]);
  }
  return [...groups].map(([label, options]) => ({ label, options }));
}
