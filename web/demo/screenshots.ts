/**
 * Draws the screenshots of the documentation from answers that are made up and faces that are drawn.
 * `node --import ... ` is not needed: web/screenshot.sh runs it through Vite.
 */
import { createServer, type Server } from 'node:http';
import { readFile, mkdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { answerAsDemo } from './answers';
import { groupPicture } from './drawings';

const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };

export function servePage(folder: string): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    const path = new URL(request.url!, 'http://x').pathname;
    readFile(join(folder, path === '/' ? 'index.html' : path)).then(
      (content) => response.writeHead(200, { 'Content-Type': types[extname(path)] ?? 'text/html' }).end(content),
      () => response.writeHead(404).end(),
    );
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => {
    const address = server.address() as { port: number };
    resolve({ server, url: `http://127.0.0.1:${address.port}` });
  }));
}

export async function openDemo(browser: Browser, url: string, options: Parameters<Browser['newContext']>[0]): Promise<Page> {
  const context = await browser.newContext(options);
  await context.addInitScript(() => sessionStorage.setItem('facesearch.key', 'fs_demo'));
  const page = await context.newPage();
  page.on('console', (message) => console.log('console', message.text()));
  page.on('pageerror', (error) => console.log('error', error.message));
  await answerAsDemo(page);
  await page.goto(url);
  return page;
}

export async function searchGroup(page: Page): Promise<void> {
  // The real server reads no SVG; a browser shows one as well as a PNG, and the answer is made up anyway.
  await page.locator('input[type=file]').first().setInputFiles({ name: 'group.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(groupPicture()) });
  await page.locator('.face-result').first().waitFor();
  await page.waitForFunction(() => [...document.querySelectorAll<HTMLElement>('face-crop')]
    .filter((crop) => crop.getBoundingClientRect().top < innerHeight)
    .every((crop) => crop.dataset['state'] === 'shown'));
}

async function main(): Promise<void> {
  const [folder, out, which] = [process.argv[2]!, process.argv[3]!, process.argv[4]];
  await mkdir(out, { recursive: true });
  const { server, url } = await servePage(folder);
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  try {
    if (which === 'all') {
      for (const [name, options] of Object.entries({
        light: { viewport: { width: 1280, height: 860 }, colorScheme: 'light' as const },
        dark: { viewport: { width: 1280, height: 860 }, colorScheme: 'dark' as const },
        phone: { viewport: { width: 360, height: 740 }, colorScheme: 'light' as const },
      })) {
        const page = await openDemo(browser, url, options);
        await page.screenshot({ path: join(out, `${name}-start.png`) });
        await searchGroup(page);
        await page.screenshot({ path: join(out, `${name}-search.png`), fullPage: name === 'phone' });
        for (const view of ['enrol', 'enrol/6f0c7a34-0000-4000-8000-000000000001', 'faces', 'persons', 'persons/1', 'tolerance', 'admin']) {
          await page.goto(`${url}/#/${view}`);
          await page.waitForTimeout(500);
          await page.screenshot({ path: join(out, `${name}-${view.replace(/\W.*$/, (rest) => (rest ? '-one' : ''))}.png`) });
        }
        await page.context().close();
      }
    } else {
      const page = await openDemo(browser, url, { viewport: { width: 1240, height: 800 }, colorScheme: 'light' });
      await searchGroup(page);
      await page.screenshot({ path: join(out, 'page.png') });
    }
  } finally {
    await browser.close();
    server.close();
  }
}

await main();
