/**
 * `--help` and `-h`, the same for every command: how it is called, on stdout, with exit code 0. Nothing else
 * is read or opened.
 */

/**
 * @param usage the lines that say how the command is called
 * @returns whether help was asked for and has been printed
 */
export function printHelp(usage: string, args: readonly string[] = process.argv.slice(2)): boolean {
  if (!args.some((arg) => arg === '--help' || arg === '-h')) return false;
  console.log(usage);
  return true;
}
