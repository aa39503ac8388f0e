import { defineConfig } from '@hey-api/openapi-ts';

/** The page's client of the API. Each build generates it from the document. */
export default defineConfig({
  input: '../docs/openapi.json',
  output: { path: 'src/api/generated', clean: true },
  plugins: ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk'],
  logs: { level: 'error', file: false },
});
