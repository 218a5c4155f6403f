/** What the page says for this script: who types, the key of the copies on this device, and the words. */
export interface Settings {
  writer: string;
  personId: string;
  key: string;
  /** Where the writer comes in again. */
  signInAt: string;
  /** Forms that were saved, as `keyOf` names them. */
  savedForms: string[];
  say(name: string, values?: Record<string, string>): string;
  time(at: Date): string;
}

const source = document.querySelector<HTMLTemplateElement>('#typing');

function read({ dataset }: HTMLElement): Settings {
  const writer = dataset['writer'] ?? '';
  const { lang } = document.documentElement;
  return {
    writer,
    personId: writer.split('.')[0] ?? '',
    key: dataset['key'] ?? '',
    signInAt: dataset['signInAt'] ?? '/sign-in',
    savedForms: (dataset['formsSaved'] ?? '').split('\n').filter((key) => key !== ''),
    say: (name, values = {}) =>
      (dataset[name] ?? '').replace(/\{(\w+)\}/g, (_, key: string) => values[key] ?? ''),
    time: (at) =>
      at.toLocaleTimeString(lang, { timeZone: dataset['zone'] ?? 'UTC', hour: 'numeric', minute: '2-digit' }),
  };
}

/** Null for whoever is not signed in, also by a pass. */
export const settings: Settings | null = source && read(source);
