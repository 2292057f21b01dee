import { existsSync } from 'node:fs';
import { join } from 'node:path';
import tseslint from 'typescript-eslint';

const root = import.meta.dirname;
const projects = ['./tsconfig.json', './packages/web/tsconfig.json'].filter(path =>
  existsSync(join(root, path)),
);

/** What the machine knows and a replay must not: the server passes time, chance and settings in. */
const AMBIENT =
  'Pure code receives time, randomness and settings as arguments: a replay must give the same answer.';
const MACHINE_ZONE = 'This reads the zone of the machine; pure code uses the UTC methods or a named zone.';

// Lint looks for bugs that types and the formatter cannot see; taste is left to review.
export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      '**/.twinloop/**',
      '**/.venv/**',
      'packages/web/vite.config.ts',
    ],
  },
  {
    files: ['packages/*/src/**/*.ts', 'packages/*/src/**/*.tsx', 'tests/**/*.ts', 'bench/**/*.ts'],
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { project: projects, tsconfigRootDir: root },
    },
    plugins: { '@typescript-eslint': tseslint.plugin },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/no-for-in-array': 'error',
      'no-restricted-globals': 'off',
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-console': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    files: ['packages/{kernel,stats,model,loop}/src/**/*.ts'],
    ignores: ['**/*.test.ts', '**/*.fixture.ts', '**/*.fixtures.ts', '**/fixtures/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['process', 'performance', 'setTimeout', 'setInterval', 'setImmediate', 'fetch', 'console'].map(
          name => ({ name, message: AMBIENT }),
        ),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: AMBIENT },
        { object: 'Math', property: 'random', message: AMBIENT },
        { object: 'crypto', property: 'randomUUID', message: AMBIENT },
        { object: 'crypto', property: 'getRandomValues', message: AMBIENT },
        { object: 'globalThis', property: 'process', message: AMBIENT },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: AMBIENT },
        { selector: "CallExpression[callee.name='Date']", message: AMBIENT },
        {
          selector:
            'CallExpression > MemberExpression.callee[property.name=/^[gs]et(Date|Day|FullYear|Hours|Minutes|Month)$|^getTimezoneOffset$/]',
          message: MACHINE_ZONE,
        },
      ],
    },
  },
);
