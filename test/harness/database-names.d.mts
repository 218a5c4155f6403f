export function databasePrefix(testPath: string): string;
export function databaseName(testPath: string, purpose: string): string;
