import { dirname, resolve, sep } from 'node:path';
import tseslint from 'typescript-eslint';

/** Who may import whom: `target` must not import `from`. See ARCHITECTURE.md. */
const zone = (target, from, message) => ({ target, from, message });
const zones = [
  zone('./contracts/src', ['./sigma', './collect', './server', './web', './cli'], 'contracts imports zod only'),
  zone('./sigma/src', ['./collect', './server', './web', './cli'], 'sigma is pure'),
  zone('./collect/src', ['./sigma', './server', './web', './cli'], 'collect is shared by server and agent'),
  zone('./server/src', ['./web', './cli'], 'the server knows neither console nor command line'),
  zone('./web/src', ['./sigma', './collect', './server', './cli'], 'the console reaches the server by HTTP only'),
  zone('./web/src/features', ['./web/src/pages', './web/src/app'], 'pages compose features, not the reverse'),
  zone('./web/src/ui', ['./web/src/pages', './web/src/app', './web/src/features'], 'ui is the lowest layer'),
  zone('./web/src/charts', ['./web/src/pages', './web/src/app', './web/src/features'], 'charts only draw'),
  zone(
    './server/src/parsers',
    ['./server/src/http', './server/src/inputs', './server/src/store', './server/src/alerts'],
    'parsers are pure',
  ),
  zone(
    './server/src/enrichers',
    ['./server/src/http', './server/src/inputs', './server/src/parsers', './server/src/alerts'],
    'components never import each other',
  ),
  zone(
    './server/src/detectors',
    ['./server/src/http', './server/src/inputs', './server/src/parsers', './server/src/alerts'],
    'components never import each other',
  ),
  zone(
    './server/src/inputs',
    [
      './server/src/http',
      './server/src/parsers',
      './server/src/enrichers',
      './server/src/detectors',
      './server/src/alerts',
    ],
    'components never import each other',
  ),
  zone(
    './server/src/journal',
    ['./server/src/http', './server/src/inputs', './server/src/pipeline', './server/src/alerts'],
    'the journal knows bytes only',
  ),
  zone(
    './server/src/alerts',
    ['./server/src/http', './server/src/inputs', './server/src/parsers', './server/src/enrichers'],
    'components never import each other',
  ),
  zone(
    './server/src/store',
    ['./server/src/http', './server/src/inputs', './server/src/parsers', './server/src/alerts'],
    'stores know data only',
  ),
  zone('./server/src/http', ['./server/src/inputs', './server/src/parsers'], 'routes use interfaces built in app.ts'),
];

/** Where an import leads: a relative one, or one of a workspace. Everything else is a package. */
function targetOf(specifier, file) {
  if (specifier.startsWith('.')) return resolve(dirname(file), specifier);
  const [, workspace, rest = ''] = /^@vedette\/([^/]+)(?:\/(.*))?$/.exec(specifier) ?? [];
  return workspace === undefined ? null : resolve(import.meta.dirname, workspace, 'src', rest);
}
const isBelow = (path, folder) => `${path}${sep}`.startsWith(resolve(import.meta.dirname, folder) + sep);

const importZones = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const own = zones.filter(({ target }) => isBelow(context.filename, target));
    const check = ({ source }) => {
      if (typeof source?.value !== 'string') return;
      const path = targetOf(source.value, context.filename);
      const broken = path === null ? undefined : own.find(({ from }) => from.some((folder) => isBelow(path, folder)));
      if (broken) context.report({ node: source, message: `Import zone: ${broken.message}.` });
    };
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
    };
  },
};

export default tseslint.config(
  { ignores: ['**/node_modules', '**/dist', '**/data', '**/samples'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    plugins: { vedette: { rules: { 'import-zones': importZones } } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'vedette/import-zones': 'error',
    },
  },
  { files: ['cli/**', 'bench/**', 'e2e/**'], rules: { 'no-console': 'off' } },
  // Tests put real parts together.
  { files: ['**/*.test.ts'], rules: { 'vedette/import-zones': 'off' } },
  { files: ['**/*.{test,contract}.ts', '**/*.test.tsx', '**/data/*.ts'], rules: { 'max-lines': 'off' } },
);
