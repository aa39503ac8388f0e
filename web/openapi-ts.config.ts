import { defineConfig } from '@hey-api/openapi-ts';

/** The client that the page calls the API with; made anew from the document with each build. */
export default defineConfig({
  input: '../docs/openapi.json',
  output: { path: 'src/api/generated', clean: true },
  plugins: ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk'],
  logs: { level: 'error', file: false },
});
