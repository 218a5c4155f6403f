/**
 * Which errors of the driver mean that the database cannot be reached or does not answer: asked again later,
 * it may well.
 */
const names =
  /^Mongo(ose)?(ServerSelection|Network|NetworkTimeout|PoolCleared|PoolClearedOnNetwork|PoolClosed|WaitQueueTimeout|OperationTimeout|NotConnected|TopologyClosed)Error$/;

const codes = new Set([
  ...[6, 7, 89, 9001], // HostUnreachable, HostNotFound, NetworkTimeout, SocketException
  ...[91, 11600], // ShutdownInProgress, InterruptedAtShutdown
  ...[189, 10107, 11602, 13435, 13436], // a primary stepped down, none is there yet
  ...[24, 50, 64, 202, 262], // LockTimeout, MaxTimeMSExpired, WriteConcernTimeout, NetworkInterfaceExceededTimeLimit, ExceededTimeLimit
  ...[112, 251, 244], // WriteConflict, NoSuchTransaction, TransactionAborted: after all attempts
]);
const labels = ['TransientTransactionError', 'UnknownTransactionCommitResult'];
const MAX_DEPTH = 4;

/** Looks at the error and at what has caused it. */
export function isDatabaseOutage(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > MAX_DEPTH) return false;
  const { code, hasErrorLabel } = error as { code?: unknown; hasErrorLabel?: (label: string) => boolean };
  if (names.test(error.name)) return true;
  if (error.name.startsWith('Mongo') && typeof code === 'number' && codes.has(code)) return true;
  if (hasErrorLabel && labels.some((label) => hasErrorLabel.call(error, label))) return true;
  return isDatabaseOutage(error.cause, depth + 1);
}
