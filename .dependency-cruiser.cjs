/**
 * Which room may import which. Imports go one way down: the index, plugins,
 * then cell, card, panel and overview, then model, and last sdk and kernel. Feature rooms meet in `model`, tokens and commands, never in each other.
 */
/** @type {Record<string, readonly string[]>} */
const below = {
  sdk: [],
  kernel: [],
  model: ['sdk', 'kernel'],
  cell: ['model', 'sdk', 'kernel'],
  card: ['model', 'sdk', 'kernel'],
  panel: ['model', 'sdk', 'kernel'],
  overview: ['model', 'sdk', 'kernel'],
  plugins: ['cell', 'card', 'panel', 'overview', 'model', 'sdk', 'kernel']
};

const tests = '\\.test\\.tsx?$|/testing/';

const rooms = Object.entries(below).map(([room, lower]) => ({
  name: `${room}-imports-only-downwards`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: {
    path: '^src/',
    pathNot: [
      `^src/(${[room, ...lower].join('|')})/`,
      // Tokens are the common vocabulary above the SDK.
      ...(room === 'sdk' ? [] : ['^src/tokens(/|\\.ts$)']),
      // How tests draw what all feature rooms draw with.
      ...(lower.includes('model') ? ['^src/testing/'] : [])
    ]
  }
}));

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Types may refer to each other; modules that run may not.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } }
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: `\\.d\\.ts$|${tests}` },
      to: {}
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true }
    },
    {
      name: 'index-only-lists-plugins',
      severity: 'error',
      from: { path: '^src/index\\.ts$' },
      to: { path: '^src/', pathNot: '^src/(plugins/|tokens(/|\\.ts$))' }
    },
    {
      name: 'tokens-know-only-types',
      comment: 'Tokens may name types of the SDK and nothing else of ours.',
      severity: 'error',
      from: { path: '^src/tokens(/|\\.ts$)' },
      to: {
        path: '^src/',
        pathNot: '^src/(sdk/index|raw\\.d|tokens/[a-z]+)\\.ts$'
      }
    },
    {
      name: 'tokens-run-nothing-of-ours',
      severity: 'error',
      from: { path: '^src/tokens(/|\\.ts$)' },
      to: {
        path: '^src/',
        pathNot: '^src/tokens/',
        dependencyTypesNot: ['type-only']
      }
    },
    {
      name: 'nobody-imports-the-entry',
      severity: 'error',
      from: { path: '^src/', pathNot: tests },
      to: { path: '^src/index\\.ts$' }
    },
    {
      name: 'plugins-are-apart',
      comment: 'A plugin reaches another through a token, not an import.',
      severity: 'error',
      from: {
        path: '^src/plugins/',
        pathNot: `^src/plugins/index\\.ts$|${tests}`
      },
      to: { path: '^src/plugins/' }
    },
    {
      name: 'sdk-is-jupyter-free',
      severity: 'error',
      from: { path: '^src/sdk/' },
      to: { path: '(@jupyterlab|@lumino|@jupyter|@codemirror|react(-dom)?)/' }
    },
    {
      name: 'axios-only-in-the-transport',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/sdk/transport|${tests}` },
      to: { path: '(^|/)axios(/|$)' }
    },
    {
      name: 'kernel-knows-no-notebook',
      severity: 'error',
      from: { path: '^src/kernel/' },
      to: {
        path: '@jupyterlab/(notebook|cells|outputarea|application)|@lumino/widgets|(^|/)react(-dom)?/'
      }
    },
    {
      name: 'model-has-no-view',
      severity: 'error',
      from: { path: '^src/model/', pathNot: tests },
      to: { path: '(^|/)react(-dom)?(/|$)|@lumino/widgets' }
    },
    {
      name: 'sdk-door',
      comment: 'The SDK is used through its public door only.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/sdk/' },
      to: { path: '^src/sdk/', pathNot: '^src/sdk/index\\.ts$' }
    },
    {
      name: 'tests-stay-tests',
      severity: 'error',
      from: { path: '^src/', pathNot: tests },
      to: { path: tests }
    },
    {
      name: 'no-dev-dependencies-in-the-product',
      severity: 'error',
      from: { path: '^src/', pathNot: tests },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: 'node_modules/@types/'
      }
    },
    ...rooms
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default'],
      mainFields: ['module', 'main', 'types']
    }
  }
};
