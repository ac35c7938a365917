/**
 * Builds the console. Heavy parts (charts, each page) are split off; the build fails when what the first page must load
 * grows past its limit, because nobody notices 20 kB at a time.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { initialFiles, INITIAL_JS_LIMIT, type BuiltChunk } from './src/lib/build-size.ts';

function sizeLimit(): Plugin {
  return {
    name: 'vedette-size-limit',
    generateBundle(_options, bundle) {
      const chunks: BuiltChunk[] = Object.values(bundle).flatMap((file) =>
        file.type === 'chunk'
          ? [
              {
                fileName: file.fileName,
                isEntry: file.isEntry,
                moduleId: file.facadeModuleId,
                imports: file.imports,
                code: file.code,
              },
            ]
          : [],
      );
      const files = initialFiles(chunks);
      const bytes = files.reduce((sum, file) => sum + gzipSync(file.code).length, 0);
      const kilobytes = (bytes / 1000).toFixed(1);
      if (bytes > INITIAL_JS_LIMIT)
        this.error(`initial JavaScript is ${kilobytes} kB gzip, the limit is ${INITIAL_JS_LIMIT / 1000} kB`);
      this.info(`initial JavaScript: ${kilobytes} kB gzip in ${files.length} files`);
    },
  };
}

/** Compresses once at build time what every browser asks for compressed; the server picks the file that fits. */
function compressed(): Plugin {
  return {
    name: 'vedette-compressed',
    // From the written files: only these are certain to be final.
    async writeBundle({ dir }, bundle) {
      const names = Object.keys(bundle).filter((name) => /\.(?:js|css)$/.test(name));
      const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
      await Promise.all(
        names.map(async (name) => {
          const file = join(dir!, name);
          const source = await readFile(file);
          await writeFile(`${file}.br`, await promisify(brotliCompress)(source, { params }));
          await writeFile(`${file}.gz`, await promisify(gzip)(source));
        }),
      );
    },
  };
}

export default defineConfig({
  plugins: [react(), sizeLimit(), compressed()],
  // Fonts and icons stay files: the content security policy allows no data: sources.
  build: {
    assetsInlineLimit: 0,
    target: 'es2023',
    chunkSizeWarningLimit: 700,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // Few files rather than many tiny ones; pages and charts stay apart.
        codeSplitting: {
          groups: [
            { name: 'vendor', test: /node_modules\/(?!echarts|zrender|tslib)/ },
            { name: 'console', test: /web\/src\/(?:ui|lib)\// },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': { target: process.env['VEDETTE_URL'] ?? 'http://127.0.0.1:8431' } } },
});
