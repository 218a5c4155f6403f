import js from '@eslint/js';
import * as regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';

const clockInstead =
  'Take the time from the clock that is passed in; measure durations with performance.now().';

export default tseslint.config(
  { ignores: ['.build*/', '.vitrine/', 'node_modules/'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    // A pattern whose work grows faster than its input lets one request stop the server for everybody.
    plugins: { regexp },
    rules: {
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      'regexp/no-super-linear-move': ['error', { report: 'potential', ignoreSticky: false }],
      'regexp/optimal-quantifier-concatenation': ['error', { capturingGroups: 'ignore' }],
      'regexp/no-empty-alternative': 'error',
      'regexp/no-misleading-unicode-character': 'error',
    },
  },
  {
    // These read files of this repository only.
    files: ['test/**', 'server/sample-school/**', 'server/cli/*.mjs', 'server/local/*.mjs'],
    rules: {
      'regexp/no-super-linear-backtracking': 'off',
      'regexp/no-super-linear-move': 'off',
      'regexp/optimal-quantifier-concatenation': 'off',
    },
  },
  {
    files: ['**/*.ts'],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './views/client/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/prefer-promise-reject-errors': [
        'error',
        { allowThrowingAny: true, allowThrowingUnknown: true },
      ],
      // `!` says what was checked a line before in a way that the compiler cannot follow.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      // The functions of our interfaces use no `this`.
      '@typescript-eslint/unbound-method': 'off',
      // `async` makes what a function throws a rejected promise, also where nothing is awaited.
      '@typescript-eslint/require-await': 'off',
      // `void` marks a promise that nobody waits for.
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      // `[...text]` is how code points are counted.
      '@typescript-eslint/no-misused-spread': 'off',
      // What is changed in a callback, and what older records lack, is unknown to the compiler.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // What somebody sent is made a text before it is read.
      '@typescript-eslint/no-base-to-string': 'off',
      // `json<T>()` says what is read.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // Mongoose's and zod's types nest too deep for these two.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-generated-empty-object-type': 'off',
    },
  },
  {
    // Tests look into whatever came back.
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/use-unknown-in-catch-callback-variable': 'off',
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      '@typescript-eslint/no-deprecated': 'off',
    },
  },
  {
    // Jest requires its runtime.
    files: ['**/*.cjs'],
    languageOptions: {
      globals: { require: 'readonly', exports: 'writable', __filename: 'readonly', process: 'readonly' },
    },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  { files: ['**/*.mjs', '**/*.cjs', '**/*.mts'], ...tseslint.configs.disableTypeChecked },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        fetch: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        performance: 'readonly',
      },
    },
  },
  {
    // Tests and the sample school choose the time, so product code never asks the machine for it.
    files: ['server/**/*.{ts,mjs}', 'storage/**/*.ts'],
    ignores: [
      'server/clock.ts',
      // express-session sets the end of a session by the machine's time.
      'server/access/session-store.ts',
      // The file system dates files by the machine's time.
      'server/artifacts/receive-file.ts',
      'storage/disk-storage.ts',
    ],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...[
          "CallExpression[callee.object.name='Date'][callee.property.name='now']",
          "CallExpression[callee.name='Date']",
          "NewExpression[callee.name='Date'][arguments.length=0]",
          "CallExpression[callee.object.name='DateTime'][callee.property.name=/^(now|local|utc)$/][arguments.length=0]",
        ].map((selector) => ({ selector, message: clockInstead })),
      ],
    },
  },
  {
    files: ['server/**/*.{ts,mjs}', 'storage/**/*.ts'],
    ignores: ['server/clock.ts', 'server/context.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '/clock(\\.js)?$',
              importNames: ['systemClock'],
              message: 'Only context.ts opens the clock.',
            },
          ],
        },
      ],
    },
  },
);
