/**
 * The errors that acts and doors throw. Each carries a message KEY (views/locales/<language>/<room>.json), never
 * prose, so that the page and the JSON answer say it in the reader's language.
 */
/** What a sentence is filled with; a list becomes "Ana, Bo, and Cy" in the reader's language. */
export type MessageParams = Record<string, string | number | readonly string[]>;

export interface FieldProblem {
  /** Name of the form field, or a path such as `entries.2.reflection`. */
  field: string;
  /** Message key, e.g. `portfolio.problem.title-missing`. */
  message: string;
  params?: MessageParams;
}

/** Base of everything that is answered to the caller on purpose. Anything else is a fault and answers 500. */
export class AppError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly messageKey: string,
    readonly params: MessageParams = {},
    options?: { cause?: unknown },
  ) {
    super(`${code}: ${messageKey}`, options);
    this.name = new.target.name;
  }
}

/** 422: one or more fields cannot be accepted; says per field what to do. */
export class InvalidInput extends AppError {
  constructor(
    readonly fields: FieldProblem[],
    messageKey = 'common.problem.check-fields',
  ) {
    super(422, 'invalid-input', messageKey, { count: fields.length });
  }
}

/** 404: it does not exist, or it belongs to somebody whose things the caller may not even know of. */
export class NotFound extends AppError {
  constructor(messageKey = 'common.problem.not-found', params: MessageParams = {}) {
    super(404, 'not-found', messageKey, params);
  }
}

/** 403: known, but not permitted. */
export class Forbidden extends AppError {
  constructor(messageKey = 'common.problem.forbidden', params: MessageParams = {}) {
    super(403, 'forbidden', messageKey, params);
  }
}

/** 401: nobody is signed in. Pages redirect to /sign-in, JSON answers the error. */
export class SignInNeeded extends AppError {
  constructor(messageKey = 'common.problem.sign-in-needed') {
    super(401, 'sign-in-needed', messageKey);
  }
}

/** 409: the state of the thing does not allow the act, or somebody else was faster (stale revision). */
export class Conflict extends AppError {
  /** @param detail what programs get besides the message, e.g. what has changed since */
  constructor(
    messageKey: string,
    params: MessageParams = {},
    code = 'conflict',
    readonly detail: Readonly<Record<string, unknown>> = {},
  ) {
    super(409, code, messageKey, params);
  }
}

/** 409 that leads on to another page: people get a link to it, programs its address as `page`. */
export class ConflictWithPage extends Conflict {
  /** @param page where to go on, with the message key of the link's text */
  constructor(
    messageKey: string,
    params: MessageParams,
    code: string,
    readonly page: { href: string; label: string; params: MessageParams },
    detail: Readonly<Record<string, unknown>> = {},
  ) {
    super(messageKey, params, code, { ...detail, page: page.href });
  }
}

/** 428: the act is refused because it does not say which state of the thing its sender has seen. */
export class StateMissing extends AppError {
  constructor(messageKey: string, params: MessageParams = {}) {
    super(428, 'state-missing', messageKey, params);
  }
}

/** 413: a body or file is larger than allowed. */
export class TooLarge extends AppError {
  constructor(messageKey: string, params: MessageParams = {}) {
    super(413, 'too-large', messageKey, params);
  }
}

/** 503: the database or the storage does not answer; `seconds` is after which time to try again. */
export class Unavailable extends AppError {
  constructor(
    readonly seconds: number,
    options?: { cause?: unknown },
  ) {
    super(503, 'unavailable', 'common.problem.unavailable', { seconds }, options);
  }
}

/** 429: too many attempts; `seconds` is how long to wait. The message may name {{seconds}} or {{minutes}}. */
export class TooMany extends AppError {
  constructor(
    readonly seconds: number,
    messageKey = 'common.problem.too-many',
  ) {
    super(429, 'too-many', messageKey, { seconds, minutes: Math.ceil(seconds / 60) });
  }
}
