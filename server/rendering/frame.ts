/** What surrounds the content of every page. Templates reach it as `@root.frame`. */
export interface NavItem {
  href: string;
  label: string;
  icon: string;
  current: boolean;
}

interface Crumb {
  href: string;
  label: string;
}

export interface FormError {
  message: string;
  /** Something was sent that is not among the choices: the page names them as it shows them. */
  notAChoice?: boolean;
}

export interface FormErrors {
  list: (FormError & { field: string })[];
  byField: Record<string, FormError>;
}

/** A field as it stands on the page. */
export interface PlacedField {
  label: string;
  id: string;
  /** The words of what can be chosen there. Left out: nothing is chosen, or the list is long. */
  choices?: string[];
}

export interface Frame {
  title: string;
  locale: string;
  direction: 'ltr' | 'rtl';
  /** IANA name of the zone in which times are shown: the school's. */
  timeZone: string;
  /** `account`: has an account of their own (a guest by pass has none). */
  actor: { name: string; account: boolean } | null;
  school: { name: string; slug: string; accent: string | null } | null;
  /** The name of the network that the actor looks after. Left out: none. */
  network?: string | null;
  /** Other schools of the account, to switch to. Left out: none. */
  elsewhere?: { personId: string; name: string }[];
  /** What the script that keeps typed text needs; left out for whoever is not signed in, also by a pass. */
  typing?: { writer: string; deviceKey: string; saved: string; signInAt: string };
  /** How many schools offer the account a membership. */
  offers?: number;
  /** The school is closed; its administrators read. */
  closed?: boolean;
  nav: NavItem[];
  /** The way back, outermost first, without the page itself. */
  crumbs: Crumb[];
  /** Path of the request, without query. */
  path: string;
  /** Names of client scripts, e.g. `score-sheet` for /assets/score-sheet.js. */
  scripts: string[];
  now: Date;
  /** A sentence that says what was just done. */
  notice?: string | null;
  errors?: FormErrors;
  /** What was typed into the form that is shown again. */
  values?: Record<string, unknown>;
  /** How the ids of the fields begin that the errors and values are of, where a page has several forms. */
  form?: string;
  /** The fields that stand on the page, by name; the templates fill it in. */
  placed?: Map<string, PlacedField>;
  /** Layout file in views/layouts; null renders the template alone. Default `main`. */
  layout?: string | null;
}
