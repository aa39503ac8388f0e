/** Draws the picture of the page in the README: made-up answers about people who were drawn. Run by web/screenshot.sh. */
import { createServer, type Server } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { chromium } from 'playwright-core';
import { answerAsDemo } from './answers';
import { groupPicture } from './drawings';

const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };

function serve(folder: string): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    const path = new URL(request.url!, 'http://localhost').pathname;
    readFile(join(folder, path === '/' ? 'index.html' : path)).then(
      (content) => response.writeHead(200, { 'Content-Type': types[extname(path)] ?? 'text/html' }).end(content),
      () => response.writeHead(404).end(),
    );
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () =>
    resolve({ server, url: `http://127.0.0.1:${(server.address() as { port: number }).port}` })));
}

const [folder, file] = process.argv.slice(2) as [string, string];
const { server, url } = await serve(folder);
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
try {
  const page = await browser.newPage({ viewport: { width: 1200, height: 760 }, colorScheme: 'light' });
  await page.addInitScript(() => sessionStorage.setItem('facesearch.key', 'fs_drawn'));
  await answerAsDemo(page);
  await page.goto(url);
  // The real server reads no SVG; a browser shows it as well as a PNG, and the answer is made up anyway.
  await page.locator('.drop-zone input[type=file]').first()
    .setInputFiles({ name: 'group.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(groupPicture()) });
  await page.locator('.face-result').first().waitFor();
  await page.waitForFunction(() => [...document.querySelectorAll<HTMLElement>('face-crop')]
    .filter((crop) => crop.getBoundingClientRect().top < innerHeight)
    .every((crop) => crop.dataset['state'] === 'shown' && crop.querySelector('img')?.complete));
  await page.screenshot({ path: file });
} finally {
  await browser.close();
  server.close();
}
