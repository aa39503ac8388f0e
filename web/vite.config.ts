import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

/** Writes every file also as .br and .gz. The server sends the one the browser accepts and does not compress. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    enforce: 'post',
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        const content = Buffer.from(file.type === 'chunk' ? file.code : file.source);
        const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
        this.emitFile({ type: 'asset', fileName: `${file.fileName}.br`, source: brotliCompressSync(content, quality) });
        this.emitFile({ type: 'asset', fileName: `${file.fileName}.gz`, source: gzipSync(content, { level: 9 }) });
      }
    },
  };
}

const server = process.env.FACESEARCH_SERVER ?? 'http://localhost:8000';

export default defineConfig({
  plugins: [compressed()],
  build: {
    outDir: '../src/FaceSearch.Api/wwwroot',
    emptyOutDir: true,
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  // `npm run dev` serves the page and forwards API calls to a running server.
  server: { proxy: { '/v1': { target: server }, '/health': { target: server } }, fs: { allow: ['.', '../docs'] } },
});
