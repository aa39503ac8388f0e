#!/usr/bin/env bash
# Writes docs/page.png: the page with drawn people and made-up answers. The picture must not show photographs of people.
set -euo pipefail
cd "$(dirname "$0")"
npm run --silent build >/dev/null
npx vite build --ssr demo/screenshot.ts --outDir node_modules/.screenshot --emptyOutDir --logLevel error
node node_modules/.screenshot/screenshot.js ../src/FaceSearch.Api/wwwroot ../docs/page.png
ls -l ../docs/page.png
