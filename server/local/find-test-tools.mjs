/** Programs with which the tests look into finished PDFs. Only the tests need them, never the server. */
import { installDebianPackages, mayInstallDebianPackages, onPath, say, sayBefore } from './setup-tools.mjs';

const programs = {
  pdftotext: 'poppler-utils',
  pdftoppm: 'poppler-utils',
  pdfinfo: 'poppler-utils',
  qpdf: 'qpdf',
};

/**
 * Installs what is missing when it may; otherwise says the command. @returns {boolean} whether anything was
 * done or said
 */
export function findTestTools() {
  const missing = Object.keys(programs).filter((name) => onPath(name) === null);
  if (missing.length === 0) return false;
  const packages = [...new Set(missing.map((name) => programs[name]))];
  if (mayInstallDebianPackages()) {
    sayBefore('test tools', `installing Debian’s packages ${packages.join(', ')}`);
    const done = installDebianPackages(packages);
    if (done.ok) return true;
    say('test tools', `could not be installed: ${done.why}`);
  }
  const command =
    process.platform === 'darwin'
      ? 'brew install poppler qpdf'
      : `sudo apt-get install ${packages.join(' ')}`;
  say(
    'test tools',
    `missing: ${missing.join(', ')}. The tests that look into PDFs will fail without them: ${command}`,
  );
  return true;
}
