/**
 * Handlebars, and the only place that knows it. A template is `views/<feature>/<page>.hbs`, rendered into a
 * layout. It sees what a view made, plus the page frame under `@root.frame`. Refuses what is not there: a
 * field, helper, icon or text that a template names and nobody gives is an error, not a blank.
 */
import Handlebars from 'handlebars';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { templateHelpers } from './template-helpers.js';
import type { Frame, PlacedField } from './frame.js';
import { pageSheetOf } from './page-styles.js';
import type { Texts } from './texts.js';
import { withOwnDirection } from './written-text.js';

export interface Templates {
  /** The page as HTML. `view` is plain data. Throws when the template does not exist or names something missing. */
  render(template: string, view: object, frame: Frame): string;
  /** Every template that exists, e.g. `people/student`; used by tests. */
  list(): string[];
}

export interface TemplatesOptions {
  texts: Texts;
  projectRoot: string;
  /** Address of an asset by name, with its content hash. Default: `/assets/<name>`. */
  assetUrl?: (name: string) => string;
  /** Further folders whose templates are known by their bare names (tests). */
  extraFolders?: string[];
  /** Read the files anew for every page, while somebody works on them. */
  reload?: boolean;
}

type Compiled = (context: object) => string;

const COMPILER: CompileOptions = {
  strict: true,
  knownHelpersOnly: true,
  // A partial sees what it is given and nothing else; otherwise a page's `title` leaks into every label.
  explicitPartialContext: true,
  // Indenting a partial would indent the lines inside a textarea, too, and so change what somebody wrote.
  preventIndent: true,
};

export function createTemplates(options: TemplatesOptions): Templates {
  const folder = path.join(options.projectRoot, 'views');
  const assetUrl = options.assetUrl ?? ((name: string) => `/assets/${name}`);
  let engine = openEngine();
  let compiled = new Map<string, Compiled>();

  function openEngine() {
    const handlebars = Handlebars.create();
    const helpers = templateHelpers(options.texts, (markup) => new Handlebars.SafeString(markup), assetUrl);
    const known: Record<string, boolean> = {};
    // Handlebars puts what it has compiled in the place of a partial's source; here the source stays.
    const sources = new Map<string, string>();
    const register = (name: string, source: string): void => {
      handlebars.registerPartial(name, source);
      sources.set(name, source);
    };
    for (const [name, helper] of Object.entries(helpers)) {
      handlebars.registerHelper(name, helper as unknown as Handlebars.HelperDelegate);
      known[name] = true;
    }
    for (const name of templatesBelow(folder)) {
      // Without the last line break, so that a partial can stand before a comma.
      const read = readFileSync(path.join(folder, `${name}.hbs`), 'utf8').replace(/\n$/, '');
      const source = withOwnDirection(read);
      register(name, source);
      if (name.startsWith('partials/')) register(name.slice('partials/'.length), source);
    }
    for (const extra of options.extraFolders ?? []) {
      for (const name of templatesBelow(extra)) {
        register(name, readFileSync(path.join(extra, `${name}.hbs`), 'utf8'));
      }
    }
    return { handlebars, sources, known: known as unknown as KnownHelpers };
  }

  function template(name: string): Compiled {
    const ready = compiled.get(name);
    if (ready) return ready;
    const source = engine.sources.get(name);
    if (source === undefined) throw new Error(`There is no template views/${name}.hbs`);
    const fresh = engine.handlebars.compile(source, { ...COMPILER, knownHelpers: engine.known });
    const named: Compiled = (context) => {
      try {
        return fresh(context);
      } catch (cause) {
        throw new Error(`views/${name}.hbs: ${cause instanceof Error ? cause.message : String(cause)}`, {
          cause,
        });
      }
    };
    compiled.set(name, named);
    return named;
  }

  return {
    list: () => templatesBelow(folder),
    render(name, view, given) {
      if (options.reload === true) {
        engine = openEngine();
        compiled = new Map();
      }
      const frame = completeFrame(given, name);
      const content = template(name)({ ...view, frame });
      frame.chinese = CHINESE.test(content);
      if (frame.layout === null) return content;
      return template(`layouts/${frame.layout}`)({ frame, content });
    },
  };
}

/** Gives every optional part of the frame its empty form, so that layouts need not ask whether it is there. */
const CHINESE = /[\u2E80-\u9FFF\uF900-\uFAFF]/;

function completeFrame(frame: Frame, template: string) {
  return {
    ...frame,
    layout: frame.layout === undefined ? 'main' : frame.layout,
    notice: frame.notice ?? null,
    form: frame.form,
    typing: frame.typing ?? null,
    errors: frame.errors ?? { list: [], byField: {} },
    values: frame.values ?? {},
    pageSheet: pageSheetOf(template),
    // A guest at a door reads the first page in the letters of their phone: fonts would be two thirds of what it loads.
    webFonts: frame.actor ? frame.actor.account : !/^\/pass(\/|$)/.test(frame.path),
    chinese: false,
    placed: new Map<string, PlacedField>(),
  };
}

function templatesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.hbs'))
    .map((name) => name.slice(0, -'.hbs'.length).split(path.sep).join('/'))
    .sort();
}
