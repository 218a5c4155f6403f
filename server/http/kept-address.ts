/** The word in an address that says that somebody comes back to a page after they had to sign in: `?kept=1`. */
import type { Request } from 'express';

const word = 'kept';

export const comesBack = (request: Pick<Request, 'method' | 'query'>): boolean =>
  request.method === 'GET' && Object.hasOwn(request.query, word);

/** The address of the page itself. */
export const withoutKept = (address: string): string =>
  address.replace(/([?&])kept=1(&|$)/, (_, before: string, after: string) => (after ? before : ''));

export const withKept = (address: string): string => {
  const own = withoutKept(address);
  return `${own}${own.includes('?') ? '&' : '?'}${word}=1`;
};

/** Whether the sign-in page leads back to such a page. */
export const leadsBack = (next: string): boolean => withoutKept(next) !== next;
