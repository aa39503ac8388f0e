import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Locator, type Page } from 'playwright-core';
import { afterAll, expect } from 'vitest';

const needed = (name: string): string => {
  const value = process.env[name];
  if (!value)
    throw new Error(`${name} is not set: run web/test.sh`);
  return value;
};

export const url = needed('FACESEARCH_URL');
/** A second server, in Development: searching and enrolling need no key there. */
export const openServer = needed('FACESEARCH_OPEN_URL');
export const key = needed('FACESEARCH_KEY');
export const work = needed('FACESEARCH_WORK');
const facesFolder = needed('FACESEARCH_FACES');
const screenshots = needed('FACESEARCH_SCREENSHOTS');

/** The model of the server, whatever profile it runs with. */
export const modelName = async (): Promise<string> => {
  const health = await (await fetch(`${url}/health/ready`)).json() as { engine: { model: string } };
  return health.engine.model;
};

/** A photograph of the shared data set. */
export const photograph = (path: string): string => join(facesFolder, path);
export const lfw = (person: string, number: number): string =>
  photograph(`lfw/${person}/${person}_${String(number).padStart(4, '0')}.jpg`);

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser: Promise<Browser> | undefined;

export const launch = (): Promise<Browser> => (browser ??= chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: [
    '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream',
  ],
}));

afterAll(async () => {
  await (await browser)?.close();
  browser = undefined;
});

export interface Visit {
  page: Page;
  /** The problems a test provokes; Chromium writes them to the console as errors. */
  expected: RegExp[];
  /** Checks that the console has no unexpected errors, and closes the page. */
  end: () => Promise<void>;
}

export interface VisitOptions extends BrowserContextOptions {
  collection?: string;
  view?: string;
  withKey?: boolean | string;
  /** The server's address; the default is the one in Production. */
  server?: string;
}

/** Opens the page in a new browser profile that has the key already. */
export async function visit(options: VisitOptions = {}): Promise<Visit> {
  const { collection, view = 'search', withKey = true, server = url, ...contextOptions } = options;
  const context = await (await launch()).newContext({ viewport: { width: 1280, height: 860 }, ...contextOptions });
  if (withKey) {
    await context.addInitScript(([secret, name]) => {
      sessionStorage.setItem('facesearch.key', secret!);
      if (name && !localStorage.getItem('facesearch.collection'))
        localStorage.setItem('facesearch.collection', name);
    }, [withKey === true ? key : withKey, collection ?? '']);
  }
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const wrong: string[] = [];
  const elsewhere: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      wrong.push(message.text());
  });
  page.on('pageerror', (error) => wrong.push(`pageerror: ${error.message}`));
  page.on('request', (request) => {
    if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(server))
      elsewhere.push(request.url());
    if (request.url().includes(key))
      wrong.push(`a key in a URL: ${request.url().replace(key, '…')}`);
  });
  await page.goto(`${server}/#/${view}`);
  await page.locator('main h1').waitFor();
  const expected: RegExp[] = [];
  return {
    page,
    expected,
    end: async () => {
      await context.close();
      expect(wrong.filter((text) => !expected.some((pattern) => pattern.test(text)))).toEqual([]);
      expect(elsewhere).toEqual([]);
    },
  };
}

/** Runs a test in its own browser profile. */
export async function visiting(options: VisitOptions, test: (page: Page, visit: Visit) => Promise<void>): Promise<void> {
  const visited = await visit(options);
  try {
    await test(visited.page, visited);
  } catch (thrown) {
    await visited.page.screenshot({ path: join(screenshots, `failed-${expect.getState().currentTestName?.replaceAll(/\W+/g, '-')}.png`) }).catch(() => {});
    await visited.page.context().close();
    throw thrown;
  }
  await visited.end();
}

/** Checks that axe finds no serious violation; keeps a screenshot. */
export async function checkAccess(page: Page, name: string): Promise<void> {
  await settle(page);
  await page.screenshot({ path: join(screenshots, `${name}.png`) });
  await page.evaluate(axeSource);
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run: () => Promise<{ violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[] }> } };
    return (await axe.run()).violations.map((violation) => (
      { id: violation.id, impact: violation.impact, nodes: violation.nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} ${node.failureSummary}`) }));
  });
  expect(found.filter((violation) => violation.impact === 'serious' || violation.impact === 'critical')).toEqual([]);
}

/** Waits until the visible crops are loaded and no request is running. */
export async function settle(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null
    && [...document.querySelectorAll<HTMLElement>('face-crop')]
      .filter((crop) => crop.getBoundingClientRect().top < innerHeight && crop.getBoundingClientRect().bottom > 0 && crop.getBoundingClientRect().width > 0)
      .every((crop) => crop.dataset['state'] !== undefined));
}

export async function keep(page: Page, name: string): Promise<void> {
  await settle(page);
  await page.screenshot({ path: join(screenshots, `${name}.png`) });
}

export const fileInput = (page: Page): Locator => page.locator('.drop-zone input[type=file]').first();

/** Waits until the text is announced to screen readers. */
export const said = (page: Page, text: string | RegExp): Promise<void> =>
  page.locator('#status').filter({ hasText: text }).waitFor({ state: 'attached' });

// Calls of the API, to prepare collections and to compare the page with its answers.

export async function api<T = Record<string, unknown>>(method: string, path: string, body?: BodyInit | object, headers: Record<string, string> = {}): Promise<T> {
  const isJson = body !== undefined && !(body instanceof FormData) && !(body instanceof Uint8Array) && typeof body === 'object';
  const response = await fetch(url + path, {
    method,
    headers: { 'X-Api-Key': key, ...(isJson ? { 'Content-Type': 'application/json' } : {}), ...headers },
    body: (isJson ? JSON.stringify(body) : body) as BodyInit,
  });
  const text = await response.text();
  if (!response.ok)
    throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

let made = 0;

/** Creates a collection with these photographs. */
export async function makeCollection(name: string, pictures: readonly string[] = [], fields: Record<string, string> = {}): Promise<string> {
  const collection = `${name}-${process.pid}-${++made}`;
  await api('POST', '/v1/collections', { name: collection });
  for (const picture of pictures)
    await enrol(collection, picture, fields);
  return collection;
}

export async function enrol(collection: string, picture: string, fields: Record<string, string> = {}): Promise<{ faces: { faceId: string; personId: string }[] }> {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields))
    form.append(field, value);
  form.append('file', new Blob([readFileSync(picture)], { type: 'image/jpeg' }), picture.split('/').at(-1));
  // Some of the photographs are slightly blurred, and quality does not matter here.
  return api('POST', `/v1/collections/${collection}/faces?quality=none`, form);
}
