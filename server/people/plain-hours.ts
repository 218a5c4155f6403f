/**
 * Hours as people say them (`Dec 3, 9–11 AM`, `weekdays after 3 PM`, `3-5pm on 12/3`), brought into the forms
 * that `typed-hours.ts` reads. Nothing is guessed beyond the year: a date without one is the next such day.
 * Pure.
 */
import { DateTime } from 'luxon';

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const monthName =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?';
const dayName =
  '(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)s?\\.?';
const year = '(?:,? (\\d{4}))?';
const nth = '(?:st|nd|rd|th)?';
const named = new RegExp(
  `^(?:(?<month>${monthName}) (?<day>\\d{1,2})${nth}|(?<day2>\\d{1,2})${nth} (?:of )?(?<month2>${monthName}))(?:,? (?<year>\\d{4}))?(?!:?\\d)`,
  'i',
);
const slashed = /^(\d{1,2})\/(\d{1,2})(?:\/(\d{4}))?(?![/\d])/;
/** How numbers with slashes are meant; null: only what can be meant in one way is taken. */
type Order = 'month-first' | 'day-first' | null;
const weekdayOfDate = new RegExp(
  `^(?<name>${dayName}),? (?=\\d{4}-\\d|\\d{1,2}[/.]\\d{1,2}|\\d{1,2}${nth} ${monthName}|${monthName} \\d)`,
  'i',
);
const dayAtEnd = new RegExp(
  `^(?<hours>.*(?:\\d|m\\.?|noon|midnight|day|time))(?:,? on|,)? (?<day>(?:${dayName},? )?(?:${monthName} \\d{1,2}${nth}${year}|\\d{1,2}/\\d{1,2}(?:/\\d{2,4})?|\\d{4}-\\d{2}-\\d{2})|${dayName}(?: ?(?:to|through|thru|-|–|—) ?${dayName})?|weekdays?|weekends?|every day|daily)$`,
  'i',
);
const time = '(\\d{1,2}(?:[:.]\\d{2})? ?(?:[ap]\\.? ?m\\.?)?)';

/** What parts a date from its hours; `from 9 am` alone means until the end of the day. */
const behindDate = new RegExp(
  `^(\\d{4}-\\d{2}-\\d{2}|\\d{1,2}/\\d{1,2}/\\d{2,4})(?:,|:(?!\\d)| (?:from(?! ${time}$)|at)\\b)\\s*`,
  'i',
);

/** `2026-12-03` of the next such day; null where there is none. */
function nextDate(month: number, day: number, today: string): string | null {
  // A day such as Feb 29 is not in every year.
  for (let ahead = 0; ahead < 8; ahead += 1) {
    const date = DateTime.fromObject({ year: Number(today.slice(0, 4)) + ahead, month, day });
    if (date.isValid && date.toISODate() >= today) return date.toISODate();
  }
  return null;
}

/** The date in front in a form with numbers; the text as it is where nothing of the kind is there. */
function withDate(text: string, today: string, order: Order): string {
  const found = named.exec(text);
  if (found) {
    const { month, month2, day, day2, year: typed } = found.groups!;
    const at = [
      months.indexOf((month ?? month2)!.slice(0, 3).toLowerCase()) + 1,
      Number(day ?? day2),
    ] as const;
    const date = typed ? dateOf(Number(typed), ...at) : nextDate(...at, today);
    return date ? date + text.slice(found[0].length) : text;
  }
  const numbers = slashed.exec(text);
  if (!numbers) return text;
  const [one, two] = [Number(numbers[1]), Number(numbers[2])];
  if (order === null && one <= 12 && two <= 12 && one !== two) return text;
  const isDayFirst = order === 'day-first' || (order === null && one > 12);
  const [month, day] = isDayFirst ? [two, one] : [one, two];
  const date = numbers[3] ? dateOf(Number(numbers[3]), month, day) : nextDate(month, day, today);
  return date ? date + text.slice(numbers[0].length) : text;
}

const dateOf = (year: number, month: number, day: number): string | null =>
  DateTime.fromObject({ year, month, day }).toISODate();

/** The hours that words mean, as from-until. */
const inTimes = (text: string): string =>
  text
    .replace(/\bnoon\b/gi, '12:00 pm')
    .replace(/\bmidnight\b/gi, '12:00 am')
    .replace(new RegExp(`\\bbetween ${time} and ${time}`, 'i'), '$1-$2')
    .replace(/(^|[\s,])(?:all day|any ?time|always)$/i, '$100:00-24:00')
    .replace(new RegExp(`\\b(?:after|any ?time after|from|starting(?: at)?) ${time}$`, 'i'), '$1-24:00')
    .replace(
      new RegExp(`(?:\\bfrom )?${time} (?:on|onwards?|or later|and later|and after)$`, 'i'),
      '$1-24:00',
    )
    .replace(
      new RegExp(
        `\\b(?:before|until|till|up to) (\\d{1,2}(?:[:.]\\d{2})? ?[ap]\\.? ?m\\.?|\\d{1,2}:\\d{2})$`,
        'i',
      ),
      '00:00-$1',
    )
    .replace(/\bfrom (?=\d)/i, '')
    .replace(/(?<=[\dm.]) (?:through|till|to) (?=\d)/i, '-');

const inDays = (text: string): string =>
  text
    .replace(/^(?:on |every (?=[a-z]+day\b)(?!day))/i, '')
    .replace(/^(?:every ?day|daily)\b,?\s*/i, '')
    .replace(/^(?:on )?weekdays?\b/i, 'Mon-Fri')
    .replace(/^(?:on )?weekends?\b/i, 'Sat-Sun')
    .replace(new RegExp(`^(${dayName}) ?(?:to|through|thru|-|–|—) ?(${dayName})(?=[\\s,:]|$)`, 'i'), '$1-$2')
    .replace(new RegExp(`^${dayName}(?:-${dayName})?(?=[\\s,:])`, 'i'), (days) => days.replaceAll('.', ''));

/**
 * @param today `YYYY-MM-DD` at the school
 * @returns the text with numbers for what its words say; null for a weekday that is not the date's
 */
export function inPlainNumbers(typed: string, today: string, order: Order): string | null {
  const swapped = dayAtEnd.exec(typed)?.groups;
  const text = swapped ? `${swapped['day']} ${swapped['hours']}` : typed;
  const weekday = weekdayOfDate.exec(text.replace(/^on /i, ''));
  const rest = text.replace(/^on /i, '').slice(weekday?.[0].length ?? 0);
  const dated = withDate(rest, today, order);
  const date = /^\d{4}-\d{2}-\d{2}/.exec(dated)?.[0];
  if (weekday && date) {
    const said = weekdays.indexOf(weekday.groups!['name']!.slice(0, 3).toLowerCase()) + 1;
    if (DateTime.fromISO(date).weekday !== said) return null;
  }
  return inTimes(inDays(dated.replace(behindDate, '$1 '))).trim();
}

const dayAlone = new RegExp(
  `^(?:${dayName}(?: ?(?:to|through|-|–) ?${dayName})?|weekdays?|weekends?|every day|daily|${monthName} \\d{1,2}${nth}|\\d{4}(?:-\\d{2}-\\d{2})?|\\d{1,2}\\/\\d{1,2}(?:\\/\\d{2,4})?)$`,
  'i',
);

/** Parts between commas, a day together with the hours behind it: `Thu`, `Dec 3`, `9-11` are one. */
export const withTheirDays = (parts: readonly string[]): string[] =>
  parts.reduce<string[]>((all, part) => {
    const last = all.at(-1);
    const isOpen = last !== undefined && last.split(', ').every((each) => dayAlone.test(each));
    return isOpen ? [...all.slice(0, -1), `${last}, ${part}`] : [...all, part];
  }, []);

const betweenDays = ',? (?:and|&) |, ?| ?[/&] ?';
const severalDays = new RegExp(
  `^(?<days>${dayName}(?:(?:${betweenDays})${dayName})+)(?:, ?|: ?| )(?<hours>.+)$`,
  'i',
);

/** `Mon, Wed 3-5 PM` as a line for each day; any other text as it is. */
export function eachDay(text: string): string[] {
  const found = severalDays.exec(text.trim().replace(/\s+/g, ' '))?.groups;
  if (!found) return [text];
  return found['days']!.split(new RegExp(betweenDays, 'i')).map((day) => `${day} ${found['hours']!}`);
}
