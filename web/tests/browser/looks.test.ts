import { beforeAll, describe, expect, it } from 'vitest';
import { checkAccess, fileInput, launch, lfw, makeCollection, photograph, url, visiting } from './support';

const views = ['search', 'enrol', 'faces', 'persons', 'tolerance', 'admin'];
let collection: string;

beforeAll(async () => {
  collection = await makeCollection('looks', [lfw('Ashanti', 1), lfw('Ashanti', 2), lfw('Halle_Berry', 1), lfw('Halle_Berry', 2)]);
});

describe.each([
  ['phone', { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 }],
  ['dark', { colorScheme: 'dark' as const }],
])('on a %s screen', (name, options) => {
  it.each(views)('%s is whole and accessible', (view) => visiting({ collection, view, ...options }, async (page) => {
    if (view === 'search') {
      await fileInput(page).setInputFiles(photograph('group/ultra_19.jpg'));
      await page.locator('#search-summary').waitFor();
    }
    await page.waitForFunction(() => document.querySelector('.skeletons, [aria-busy=true]') === null);
    await checkAccess(page, `${name}-${view}`);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  }));
});

describe('the page', () => {
  it('has the system’s colours until the user chooses others', () => visiting({ collection, colorScheme: 'dark' }, async (page) => {
    const paper = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const dark = await paper();
    const toggle = page.getByRole('button', { name: /^Colours/ });
    await toggle.click();
    expect(await toggle.getAttribute('aria-label')).toBe('Colours: light');
    const light = await paper();
    expect(light).not.toBe(dark);
    await page.emulateMedia({ colorScheme: 'light' });
    await toggle.click();
    expect(await paper()).toBe(dark);
    await page.reload();
    expect(await paper()).toBe(dark);
  }));

  it('has no animations with reduced motion', () => visiting({ collection, reducedMotion: 'reduce' }, async (page) => {
    expect(await page.locator('.button').first().evaluate((button) => getComputedStyle(button).transitionDuration)).toMatch(/^(1e-05|0\.00001)s/);
  }));

  it.each([
    ['search', '#search-tags'],
    ['enrol', '#tags'],
    ['faces', 'input[name=tag]'],
    ['persons', '#person-name'],
    ['admin', '#audit-action'],
  ])('keeps what the user types in %s while it is drawn again', (view, field) => visiting({ collection, view }, async (page) => {
    if (view === 'search' || view === 'enrol')
      await fileInput(page).setInputFiles(lfw('Halle_Berry', 1));
    await page.locator(field).fill('typed');
    const toggle = page.getByRole('button', { name: /^Colours/ });
    const before = await toggle.getAttribute('aria-label');
    // A click of the mouse would leave the field first.
    await toggle.evaluate((button: HTMLButtonElement) => button.click());
    await page.waitForFunction((label) => document.querySelector('button[aria-label^=Colours]')!.getAttribute('aria-label') !== label, before);
    expect(await page.locator(field).inputValue()).toBe('typed');
  }));

  it('begins each view at its title, and names it', () => visiting({ collection }, async (page) => {
    for (const view of ['Enrol', 'Faces', 'Persons', 'Tolerance', 'Admin', 'Search']) {
      await page.getByRole('navigation').getByRole('link', { name: view }).click();
      await page.waitForFunction((title) => document.activeElement?.tagName === 'H1' && document.activeElement.textContent === title, view);
      expect(await page.title()).toBe(`${view} · FaceSearch`);
      expect(await page.locator('nav [aria-current=page]').textContent()).toBe(view);
    }
  }));

  it('is smaller than 200 kB and has an early first paint', async () => {
    const context = await (await launch()).newContext();
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    const sizes: number[] = [];
    session.on('Network.loadingFinished', (event) => sizes.push(event.encodedDataLength));
    await page.goto(url, { waitUntil: 'networkidle' });
    await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
    const painted = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime);
    const weight = sizes.reduce((sum, size) => sum + size, 0);
    console.log(`page weight: ${(weight / 1000).toFixed(1)} kB in ${sizes.length} requests; first contentful paint: ${painted?.toFixed(0)} ms`);
    expect(weight).toBeLessThan(200_000);
    expect(painted).toBeGreaterThan(0);
    await context.close();
  });

  it('is cached: a second visit fetches only the document', async () => {
    const context = await (await launch()).newContext();
    const page = await context.newPage();
    await page.goto(url, { waitUntil: 'networkidle' });
    const fetched: string[] = [];
    page.on('response', (response) => {
      if (!response.fromServiceWorker() && response.url().includes('/assets/') && response.request().timing().responseEnd > 0)
        void response.serverAddr().then((address) => address && fetched.push(response.url()));
    });
    await page.goto('about:blank');
    await page.goto(url, { waitUntil: 'networkidle' });
    expect(fetched).toEqual([]);
    await context.close();
  });
});
