/** Links to the neighbouring pages of a list, keeping the filters of the address. */
import type { Page } from '../db/database.js';
import { firstPage } from './read-input.js';

export interface PagerView {
  many: boolean;
  page: number;
  pages: number;
  total: number;
  previous: string | null;
  next: string | null;
}

/** A list that is whole by nature (terms, rubrics): one page of everything, in the shape of every other list. */
export const wholeList = <T>(items: T[]): Page<T> => ({
  items,
  page: 1,
  pages: 1,
  perPage: Math.max(1, items.length),
  total: items.length,
});

/** @param query the filters in force; empty ones are left out of the links */
export function pagerOf(
  found: Page<unknown>,
  path: string,
  query: Record<string, string | undefined> = {},
): PagerView {
  const link = (page: number) => {
    const given = Object.entries(query).filter((pair): pair is [string, string] => Boolean(pair[1]));
    const size: [string, string][] =
      found.perPage === firstPage.perPage ? [] : [['perPage', String(found.perPage)]];
    return `${path}?${new URLSearchParams([...given, ...size, ['page', String(page)]]).toString()}`;
  };
  return {
    many: found.pages > 1,
    page: found.page,
    pages: found.pages,
    total: found.total,
    previous: found.page > 1 ? link(found.page - 1) : null,
    next: found.page < found.pages ? link(found.page + 1) : null,
  };
}
