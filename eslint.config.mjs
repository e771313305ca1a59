import jupyterPlugin from '@jupyter/eslint-plugin';
import tsdocPlugin from 'eslint-plugin-tsdoc';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/**
 * The plugin says less about its types than ESLint asks for.
 *
 * @type {import('eslint').ESLint.Plugin}
 */
const jupyter = /** @type {any} */ (jupyterPlugin);

/**
 * The plugin's recommended rules, warnings raised to errors: what is worth a
 * warning is worth a fix.
 */
const jupyterRules = jupyterPlugin.configs.recommended.map(config => ({
  .../** @type {import('eslint').Linter.Config} */ (config),
  plugins: { jupyter },
  rules: Object.fromEntries(
    Object.entries(config.rules)
      // The browser tests are plain Playwright: Galata's helpers are not there.
      .filter(([name]) => !name.startsWith('jupyter/galata-'))
      .map(([name, level]) => [name, level === 'off' ? level : 'error'])
  )
}));

export default defineConfig(
  {
    ignores: [
      'node_modules/',
      '.venv/',
      'lib/',
      'jupyterlab_globus_compute/',
      'dist/',
      'coverage/',
      '**/test-results/',
      '.tutorial/'
    ]
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ...jupyterRules,
  {
    files: ['**/*.{ts,tsx,mts,mjs,cjs}'],
    extends: [
      tseslint.configs.strictTypeChecked,
      tseslint.configs.stylisticTypeChecked
    ],
    languageOptions: {
      parserOptions: {
        project: './tsconfig.test.json',
        tsconfigRootDir: import.meta.dirname
      }
    },
    rules: {
      curly: 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'max-lines': ['error', { max: 350, skipBlankLines: true }],
      'no-console': 'error',
      'no-else-return': 'error',
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-arrow-callback': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/dot-notation': [
        'error',
        { allowIndexSignaturePropertyAccess: true }
      ],
      '@typescript-eslint/explicit-member-accessibility': [
        'error',
        { accessibility: 'no-public' }
      ],
      '@typescript-eslint/naming-convention': [
        'error',
        {
          selector: 'interface',
          format: ['PascalCase'],
          custom: { regex: '^I[A-Z]', match: true }
        },
        {
          selector: 'classProperty',
          modifiers: ['private'],
          format: ['camelCase'],
          leadingUnderscore: 'require'
        },
        { selector: 'typeLike', format: ['PascalCase'] }
      ],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true }
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { args: 'after-used', argsIgnorePattern: '^_' }
      ],
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/promise-function-async': 'off',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true }
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true }
      ],
      // Lumino's `signal.connect(this._onChange, this)` binds by itself, and
      // disconnecting needs the unbound method.
      '@typescript-eslint/unbound-method': 'off'
    }
  },
  {
    // Scripts are JavaScript: their doc comments carry types instead.
    files: ['**/*.{ts,tsx,mts}'],
    plugins: { tsdoc: tsdocPlugin },
    rules: {
      'tsdoc/syntax': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error'
    }
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    ignores: ['**/*.test.{ts,tsx}'],
    plugins: { jupyter },
    rules: {
      // Our own modules are one bundle, loaded at once.
      'jupyter/prefer-lazy-imports': [
        'error',
        { ignoreImports: ['./*', '../*'] }
      ]
    }
  },
  {
    // Declarations of what others define have the names others gave them.
    files: ['**/*.d.ts'],
    rules: { '@typescript-eslint/naming-convention': 'off' }
  },
  {
    // A token and its interface share one name, as everywhere in JupyterLab.
    files: ['src/tokens/*.ts'],
    rules: { '@typescript-eslint/no-redeclare': 'off' }
  },
  {
    // The SDK runs in browsers and in Node alike: what only one has is out.
    files: ['src/sdk/**/*.ts'],
    ignores: ['src/sdk/**/*.test.ts', 'src/sdk/**/testing/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        'window',
        'document',
        'localStorage',
        'sessionStorage',
        'process',
        'Buffer',
        'require',
        '__dirname'
      ]
    }
  },
  {
    files: ['**/*.test.{ts,tsx}', 'ui-tests/**/*.ts', '**/testing/**'],
    rules: {
      // A test names what it expects to be there; if not, it fails there.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // A stand-in is asynchronous because what it stands for is.
      '@typescript-eslint/require-await': 'off',
      // Texts in tests are expectations, not messages to a person.
      'jupyter/no-untranslated-string': 'off',
      // What a test creates goes with its page or process.
      'jupyter/require-disposable-ownership': 'off',
      'jupyter/require-disposable-transfer': 'off'
    }
  },
  {
    // Commands for a terminal: they print, and nobody translates them.
    files: [
      'scripts/**/*.mjs',
      'bench/**/*.mjs',
      '*.{mts,mjs,cjs}',
      '.*.cjs',
      'vitest.*.ts'
    ],
    rules: {
      'no-console': 'off',
      'jupyter/no-untranslated-string': 'off',
      '@typescript-eslint/no-require-imports': 'off'
    }
  }
);
