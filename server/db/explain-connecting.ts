/** Why a database cannot be reached, without user names and passwords. */
import { AppError } from '../errors.js';

/** AuthenticationFailed, Unauthorized */
const refusals = [18, 13];

/** @returns an AppError for what the person who set MONGODB_URI can mend, otherwise the error itself */
export function explainConnecting(error: unknown, uri: string): unknown {
  if (!(error instanceof Error) || error instanceof AppError) return error;
  const reason = error.message.replaceAll(/\/\/[^@/\s]*@/g, '//');
  const hosts = hostsOf(uri);
  if (/ServerSelection|NetworkError|NetworkTimeout/.test(error.name))
    return new AppError(
      503,
      'database-unreachable',
      'database.problem.unreachable',
      { hosts, reason },
      { cause: error },
    );
  if (refusals.includes((error as { code?: number }).code ?? 0))
    return new AppError(
      500,
      'database-refused',
      'database.problem.refused',
      { hosts, reason },
      { cause: error },
    );
  if (
    /Parse|InvalidArgument|MissingDependency|APIError/.test(error.name) ||
    /\b(querySrv|queryTxt)\b/.test(reason)
  )
    return new AppError(
      500,
      'database-address',
      'database.problem.unreadable-address',
      { reason },
      { cause: error },
    );
  return error;
}

const hostsOf = (uri: string): string => /^mongodb(?:\+srv)?:\/\/(?:[^@/]*@)?([^/?]*)/.exec(uri)?.[1] ?? '';
