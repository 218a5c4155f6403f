/** One form: notices what is typed, keeps long texts as drafts, and says whether they are kept. */
import { textHash } from '../../../server/forms/text-hash.js';
import { forgetCopy, copyKey, readCopy, saveCopy, type Copy } from './device-copies.js';
import {
  fillFields,
  hasFiles,
  isEmpty,
  longTexts,
  readFields,
  typedFields,
  typedMark,
  type Fields,
} from './form-fields.js';
import { discardOnServer, saveOnServer, type ServerAnswer } from './server-drafts.js';
import { settings } from './settings.js';
import { showKeptNote, showNewer, StateLine } from './state-line.js';

const deviceAfter = 300;
const serverAfter = 2_000;
const retryAfter = 20_000;

export class WatchedForm {
  readonly action: string;
  /** Which of the forms that go there; the page says it. */
  private readonly key: string;
  readonly canBeTypedInto: boolean;
  isSent = false;
  private readonly page: string;
  private began: string;
  private readonly isLong: boolean;
  private readonly line: StateLine;
  private shown: string;
  private onDevice: string | null = null;
  private onServer: string | null = null;
  /** Kept on this device of rows that the form does not have any more; the server shows it. */
  private gone: Fields = {};
  private isTouched = false;
  private underWay: Promise<unknown> | null = null;
  private deviceTimer = 0;
  private serverTimer = 0;

  constructor(readonly form: HTMLFormElement) {
    const marks = form.querySelector<HTMLInputElement | HTMLButtonElement>('[name="_opened"]');
    const [, page = '', action = '-', kind = ''] = (marks?.value ?? '').split(' ');
    this.key = kind.split(':')[1] ?? '';
    this.page = page || location.pathname + location.search;
    this.action = action === '-' ? location.pathname + location.search : action;
    this.canBeTypedInto = typedFields(form).length > 0 || form.querySelector('input[type="file"]') !== null;
    this.isLong = longTexts(form).some(({ readOnly }) => !readOnly);
    // Of a form that is filled in with a draft, the page says with which texts it is saved.
    this.began = form.dataset['began'] ?? textHash(longTexts(form).map((text) => text.defaultValue));
    this.shown = typedMark(form);
    this.line = new StateLine(form);
  }

  /** Something was typed that is not saved. */
  get isChanged(): boolean {
    return (
      this.isTouched && this.form.isConnected && (typedMark(this.form) !== this.shown || hasFiles(this.form))
    );
  }

  /** It would be lost if the page were left now. */
  get wouldBeLost(): boolean {
    if (this.isSent || !this.isChanged) return false;
    if (hasFiles(this.form) || !this.isLong) return true;
    const now = typedMark(this.form);
    return this.onDevice !== now && this.onServer !== now;
  }

  /** The server has not heard of what is typed now. */
  get isOnlyHere(): boolean {
    return this.isLong && this.isChanged && this.onServer !== typedMark(this.form);
  }

  async start(): Promise<void> {
    this.form.addEventListener('input', () => this.noticeTyping());
    this.form.addEventListener('change', () => this.noticeTyping());
    if (this.form.dataset['unsaved'] === 'sent') {
      this.isTouched = true;
      this.shown = '';
    }
    if (!this.isLong) return;
    const copy = await readCopy(copyKey(this.copyNow(false)));
    const unsaved = this.form.dataset['unsaved'];
    // A form that was refused has what was typed last, and does not say what is saved.
    if (copy && unsaved === 'sent' && this.form.dataset['began'] === undefined) this.began = copy.began;
    if (unsaved === 'sent') void this.saveNow();
    else if (copy && !copy.onServer) this.takeCopy(copy);
    else if (copy && unsaved === undefined) forgetCopy(copyKey(copy));
    window.addEventListener('online', () => this.isChanged && void this.saveNow());
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden' && this.isChanged) void this.saveNow(true);
    });
  }

  /** What this device kept and the server does not have. */
  private takeCopy(copy: Copy): void {
    const before = typedMark(this.form);
    const saved = longTexts(this.form).map((text) => ({ text, value: text.value }));
    const wasEmpty = isEmpty(this.form);
    this.gone = fillFields(this.form, copy.fields);
    if (typedMark(this.form) === before && Object.keys(this.gone).length === 0) return;
    this.isTouched = true;
    const time = settings?.time(new Date(copy.savedAt)) ?? '';
    const words = {
      words: settings?.say('fromDevice', { time }) ?? '',
      button: settings?.say(wasEmpty ? 'startEmpty' : 'discard') ?? '',
    };
    showKeptNote(this.form, words, () => void this.discard());
    if (copy.began !== this.began) showNewer(saved);
    void this.saveNow();
  }

  /** The form as the page has it, without what was kept of it. */
  private async discard(): Promise<void> {
    window.clearTimeout(this.deviceTimer);
    window.clearTimeout(this.serverTimer);
    // Nothing of it is kept while it is discarded.
    this.isSent = true;
    await this.underWay;
    if (!(await discardOnServer(this.copyNow(false)))) {
      this.isSent = false;
      this.explain('no-connection');
      return;
    }
    forgetCopy(copyKey(this.copyNow(false)));
    location.replace(location.pathname + location.search);
  }

  private noticeTyping(): void {
    this.isTouched = true;
    // Some forms are sent without leaving the page.
    this.isSent = false;
    if (!this.isLong) return;
    window.clearTimeout(this.deviceTimer);
    window.clearTimeout(this.serverTimer);
    this.deviceTimer = window.setTimeout(() => void this.saveHere(false), deviceAfter);
    this.serverTimer = window.setTimeout(() => void this.saveNow(), serverAfter);
  }

  private copyNow(onServer: boolean): Copy {
    const { action, key: form, page, began } = this;
    const fields = { ...this.gone, ...readFields(this.form) };
    return { action, form, page, began, fields, savedAt: Date.now(), onServer };
  }

  private async saveHere(onServer: boolean): Promise<boolean> {
    const now = typedMark(this.form);
    const isKept = await saveCopy(this.copyNow(onServer));
    if (isKept) this.onDevice = now;
    return isKept;
  }

  /** Saves on this device and on the server. @param leaving the page may be gone before the answer comes */
  async saveNow(leaving = false): Promise<void> {
    window.clearTimeout(this.deviceTimer);
    window.clearTimeout(this.serverTimer);
    if (!this.isLong || this.isSent) return;
    const now = typedMark(this.form);
    const saving = saveOnServer(this.copyNow(false), leaving);
    this.underWay = saving;
    const [isHere, answer] = await Promise.all([this.saveHere(false), saving]);
    this.underWay = null;
    if (typeof answer === 'object') {
      this.onServer = now;
      if (isHere && typedMark(this.form) === now) await this.saveHere(true);
    } else if (!this.isSent) this.serverTimer = window.setTimeout(() => void this.saveNow(), retryAfter);
    this.tell(answer, isHere);
  }

  private tell(answer: ServerAnswer, isHere: boolean): void {
    const time = settings?.time(typeof answer === 'object' ? answer.savedAt : new Date()) ?? '';
    if (typeof answer === 'object') {
      this.line.show(answer.elsewhere ? 'elsewhere' : 'saved', { time });
      return;
    }
    if (isHere && answer !== 'too-large') {
      this.line.show(answer === 'signed-out' ? 'signedOut' : 'onDevice', { time });
      return;
    }
    const reason = {
      'signed-out': 'signedOutLost',
      'no-connection': 'noConnection',
      'too-large': 'tooLarge',
    }[answer];
    this.line.show('notSaved', { reason: settings?.say(reason) ?? '' });
  }

  /** Nothing of this form may reach the server as a draft after the form itself. */
  async settle(): Promise<void> {
    window.clearTimeout(this.deviceTimer);
    window.clearTimeout(this.serverTimer);
    await this.underWay;
    if (this.isLong && this.isChanged) await this.saveHere(false);
  }

  /** Whether a draft is of this form. */
  isOf(action: string, key: string): boolean {
    return this.action === action && this.key === key;
  }

  /** Why it was not sent. */
  explain(why: 'signed-out' | 'other-school' | 'no-connection'): void {
    const words = { 'signed-out': 'check', 'other-school': 'checkSchool', 'no-connection': 'notSent' }[why];
    this.line.show(words, {});
    this.line.focus();
  }
}
