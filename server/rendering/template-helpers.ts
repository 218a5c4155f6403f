/** The few helpers that templates may call. They choose and format; they never compute. All return plain text. */
import { DateTime } from 'luxon';
import { iconSvg } from './icons.js';
import type { FormError, Frame, PlacedField } from './frame.js';
import { calendarDay, formatMoment, momentOf, relativeTime, type ShownMoment } from './show-dates.js';
import type { Texts } from './texts.js';

/** What Handlebars hands to a helper as its last argument. */
interface HelperCall {
  hash: Record<string, unknown>;
  data: { root: { frame: Frame } };
}

export type TemplateHelper = (...parts: [...unknown[], HelperCall]) => unknown;

const DATE_STYLES: Record<string, Intl.DateTimeFormatOptions> = {
  short: { month: 'short', day: 'numeric' },
  medium: DateTime.DATE_MED,
  long: DateTime.DATE_FULL,
  weekday: { weekday: 'long', month: 'long', day: 'numeric' },
  month: { month: 'long', year: 'numeric' },
};

/** Splits a helper's arguments into its own and the call. */
function read(parts: unknown[]): { args: unknown[]; call: HelperCall; frame: Frame } {
  const call = parts.at(-1) as HelperCall;
  return { args: parts.slice(0, -1), call, frame: call.data.root.frame };
}

const text = (value: unknown): string => (value === null || value === undefined ? '' : String(value));

/** A moment as the page shows it; '' for none. */
const shown = (moment: ShownMoment | null, frame: Frame, style: Intl.DateTimeFormatOptions): string =>
  moment ? formatMoment(moment, frame.locale, style) : '';

/** More than these make no sentence. */
const MAX_CHOICES_NAMED = 12;

const numbers = new Map<string, Intl.NumberFormat>();
function numbersOf(locale: string): Intl.NumberFormat {
  const format = numbers.get(locale) ?? new Intl.NumberFormat(locale);
  numbers.set(locale, format);
  return format;
}

const SIZES = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

function bytes(value: unknown, locale: string): string {
  const size = Number(value);
  const step = Math.min(SIZES.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(size, 1)) / 3)));
  const unit = SIZES[step] ?? 'byte';
  const shown = size / 1000 ** step;
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit,
    // The short form of a byte has no plural: `560 byte`.
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: shown < 10 && step > 0 ? 1 : 0,
  }).format(shown);
}

/**
 * Whether a field belongs to the form that is shown again, where its page has several; '' is the one without
 * ids of its own.
 */
const speaks = (frame: Frame, id: string | undefined): boolean =>
  frame.form === undefined || (frame.form === '' ? !id : (id ?? '').startsWith(frame.form));

/** `entries.2.reflection`, else `entries.2`, else `entries`: the nearest that stands on the page. */
function placeOf(frame: Frame, field: string): PlacedField | undefined {
  for (let name = field; name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('.')))) {
    const place = frame.placed?.get(name);
    if (place) return place;
  }
  return undefined;
}

/** The words of a list of options; null when there are none, or too many for one sentence. */
function wordsOf(options: unknown): string[] | null {
  if (!Array.isArray(options) || options.length === 0 || options.length > MAX_CHOICES_NAMED) return null;
  return options.map((option) => text((option as { label?: unknown }).label));
}

/** What is said of a field: choices in the words that stand beside them. */
function messageOf(texts: Texts, frame: Frame, field: string, error: FormError): string {
  const choices = error.notAChoice ? placeOf(frame, field)?.choices : undefined;
  if (!choices) return error.message;
  return texts.t(frame.locale, 'common.problem.not-a-choice', { choices: choices.join(', ') });
}

/** From the top of the page to its end; what stands nowhere on it first. */
function problemsOf(texts: Texts, frame: Frame): { id: string; label: string; message: string }[] {
  const onPage = [...(frame.placed?.values() ?? [])].map(({ id }) => id);
  const listed = (frame.errors?.list ?? []).map(({ field, ...error }) => {
    const { id, label } = placeOf(frame, field) ?? { id: field && `f-${field}`, label: '' };
    const message = messageOf(texts, frame, field, error);
    // A message that begins with the field's name need not be told it again.
    return { id, label: message.startsWith(label) ? '' : label, message };
  });
  const once = new Map(listed.map((each) => [`${each.id} ${each.label} ${each.message}`, each]));
  return [...once.values()].sort((a, b) => onPage.indexOf(a.id) - onPage.indexOf(b.id));
}

/** Builds the helpers; `html` marks a string as already safe (Handlebars' SafeString). */
export function templateHelpers(
  texts: Texts,
  html: (markup: string) => unknown,
  assetUrl: (name: string) => string,
): Record<string, TemplateHelper> {
  return {
    t(...parts) {
      const { args, call, frame } = read(parts);
      const params = Object.fromEntries(
        Object.entries(call.hash).map(([name, value]) => [
          name,
          typeof value === 'number' ? value : text(value),
        ]),
      );
      return texts.t(frame.locale, text(args[0]), params);
    },
    date(...parts) {
      const { args, frame } = read(parts);
      const style = DATE_STYLES[text(args[1]) || 'medium'];
      if (style === undefined) throw new Error(`Unknown date style "${text(args[1])}"`);
      return shown(momentOf(args[0], frame.timeZone), frame, style);
    },
    time(...parts) {
      const { args, frame } = read(parts);
      return shown(momentOf(args[0], frame.timeZone), frame, DateTime.TIME_SIMPLE);
    },
    datetime(...parts) {
      const { args, frame } = read(parts);
      return shown(momentOf(args[0], frame.timeZone), frame, DateTime.DATETIME_MED);
    },
    /** The shortest that is clear: the time today, the day without its year this year. */
    near(...parts) {
      const { args, frame } = read(parts);
      const at = momentOf(args[0], frame.timeZone);
      if (!at) return '';
      const [day, today] = [calendarDay(at), calendarDay({ at: frame.now, zone: frame.timeZone })];
      if (day === today) return shown(at, frame, DateTime.TIME_SIMPLE);
      const year = day.slice(0, 4) === today.slice(0, 4) ? {} : ({ year: 'numeric' } as const);
      return shown(at, frame, {
        ...year,
        month: 'short',
        day: 'numeric',
        hour: 'numeric',
        minute: '2-digit',
      });
    },
    relative(...parts) {
      const { args, frame } = read(parts);
      const at = momentOf(args[0], frame.timeZone);
      return at ? relativeTime(at, frame.now, frame) : '';
    },
    iso(...parts) {
      const { args, frame } = read(parts);
      if (typeof args[0] === 'string' && args[0].length === 10) return args[0];
      return momentOf(args[0], frame.timeZone)?.at.toISOString() ?? '';
    },
    number(...parts) {
      const { args, frame } = read(parts);
      return numbersOf(frame.locale).format(Number(args[0]));
    },
    bytes(...parts) {
      const { args, frame } = read(parts);
      return bytes(args[0], frame.locale);
    },
    eq: (...parts) => parts[0] === parts[1],
    not: (...parts) => !truthy(parts[0]),
    and: (...parts) => read(parts).args.every(truthy),
    or: (...parts) => read(parts).args.find(truthy) ?? false,
    includes: (...parts) => Array.isArray(parts[0]) && parts[0].includes(parts[1]),
    concat: (...parts) => read(parts).args.map(text).join(''),
    list: (...parts) => read(parts).args,
    icon: (...parts) => html(iconSvg(text(parts[0]))),
    asset: (...parts) => assetUrl(text(parts[0])),
    /**
     * Says which field stands here, under which label: the summary above names it and leads to it. `options`
     * are what can be chosen there. Prints nothing.
     */
    placed(...parts) {
      const { args, call, frame } = read(parts);
      const [name, label, id] = args.map(text);
      const choices = wordsOf(call.hash['options']);
      const place = { label: label!, id: `f-${id || name}`, ...(choices ? { choices } : {}) };
      if (speaks(frame, id)) frame.placed?.set(name!, place);
      return '';
    },
    /** What the summary lists: each problem once, with label and id of its field where it stands on this page. */
    problems(...parts) {
      const { frame } = read(parts);
      return problemsOf(texts, frame);
    },
    /** The message for a field of the form that is shown again, or ''. */
    problem(...parts) {
      const { args, frame } = read(parts);
      const field = text(args[0]);
      const error = speaks(frame, text(args[1])) ? frame.errors?.byField[field] : undefined;
      return error ? messageOf(texts, frame, field, error) : '';
    },
    /** What was typed into a field, or the given value when the form is shown for the first time. */
    kept(...parts) {
      const { args, frame } = read(parts);
      const typed = speaks(frame, text(args[2])) ? frame.values?.[text(args[0])] : undefined;
      return text(typed === undefined ? args[1] : typed);
    },
    /** Whether a checkbox, radio or option is chosen: by what was typed, else by the given answer. */
    chosen(...parts) {
      const { args, frame } = read(parts);
      const [name, value, current, id] = args;
      const sent = speaks(frame, text(id)) && Object.keys(frame.values ?? {}).length > 0;
      const answer = sent ? frame.values?.[text(name)] : current;
      if (Array.isArray(answer)) return answer.map(text).includes(text(value));
      return typeof answer === 'boolean'
        ? answer
        : answer !== undefined && answer !== null && text(answer) === text(value);
    },
  };
}

/** Handlebars' own idea of true: an empty list is nothing. */
function truthy(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}
