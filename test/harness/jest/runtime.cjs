/**
 * How jest loads modules here: as Node does. Jest's own runtime gives every test file a new realm, in which all packages and all of the
 * server are loaded, compiled and warmed up once more; that took a third of a run of everything. With this one the files of a worker
 * share packages and server, which keep no state of their own, while the test file and what it imports from test/ are new each time.
 * There are no module mocks.
 */
const { register } = require('node:module');
const { pathToFileURL } = require('node:url');

process.setSourceMapsEnabled(true);
register('./module-hooks.mjs', pathToFileURL(__filename));

let files = 0;

class SharedRuntime {
  constructor(config, environment, _resolver, _transformer, _sources, _coverage, testPath) {
    this.environment = environment;
    this.testPath = testPath;
  }

  /** What `@jest/globals` exports to the test file that is loaded next. */
  setGlobalsForRuntime(globals) {
    globalThis.jestGlobals = globals;
  }

  /** The framework begins with every test file: it remembers tests and hooks. */
  requireInternalModule(file) {
    Reflect.deleteProperty(require.cache, require.resolve(file));
    return require(file);
  }

  requireModule(file) {
    return require(file);
  }

  unstable_shouldLoadAsEsm() {
    return true;
  }

  unstable_importModule(file) {
    // Jest's formatter knows no source maps of modules that Node has loaded.
    Error.prepareStackTrace = undefined;
    return import(`${pathToFileURL(file).href}?file=${(files += 1)}`);
  }

  getSourceMaps() {
    return new Map();
  }

  getAllCoverageInfoCopy() {
    return undefined;
  }

  enterTestCode() {}
  leaveTestCode() {}
  teardown() {}
}

exports.default = SharedRuntime;
exports.__esModule = true;
