import { describe, expect, it } from 'vitest';
import { api, checkAccess, makeCollection, said, url, visiting } from './support';

describe('administration', () => {
  it('shows the engine and the reason for it', () => visiting({ view: 'admin' }, async (page) => {
    const { engine } = await (await fetch(`${url}/health/ready`)).json() as { engine: Record<string, string> };
    const panel = page.locator('#engine');
    await panel.waitFor();
    for (const shown of [engine['profile']!, engine['model']!, engine['detector']!])
      expect(await panel.textContent()).toContain(shown);
    expect(await page.locator('#better-engine').count()).toBe(engine['better'] ? 1 : 0);
  }));

  it('creates a collection, and removes it after its name is typed', () => visiting({ view: 'admin' }, async (page, { expected }) => {
    const name = `made-${process.pid}`;
    await page.getByRole('form', { name: 'Create a collection' }).getByLabel('New collection').fill(name);
    await page.getByRole('button', { name: 'Create' }).click();
    await page.locator(`tr[data-collection=${name}]`).waitFor();
    await page.locator('#collection').selectOption(name);

    expected.push(/status of 409/);
    await page.getByRole('form', { name: 'Create a collection' }).getByLabel('New collection').fill(name);
    await page.getByRole('button', { name: 'Create' }).click();
    await page.locator('.problem[data-code=collection-exists]').waitFor();
    await checkAccess(page, 'admin');

    await page.getByRole('button', { name: `Remove ${name}` }).click();
    const dialog = page.getByRole('dialog', { name: `Remove “${name}”?` });
    await dialog.getByRole('textbox').fill(name);
    await dialog.getByRole('button', { name: 'Remove the collection' }).click();
    await page.locator(`tr[data-collection=${name}]`).waitFor({ state: 'detached' });
    expect(await page.locator('#collection').inputValue()).toBe('default');
  }));

  it('issues a key, shows it once and revokes it, and the audit log has both', async () => {
    const collection = await makeCollection('keys');
    await visiting({ view: 'admin' }, async (page) => {
      const form = page.getByRole('form', { name: 'Issue a key' });
      await form.getByLabel('Name', { exact: true }).fill('front desk');
      await form.getByLabel(/^search /).check();
      await form.getByLabel(/^read /).check();
      await form.getByLabel(collection, { exact: true }).check();
      await form.getByLabel('Expires after').selectOption('30');
      await form.getByRole('button', { name: 'Issue the key' }).click();
      const dialog = page.getByRole('dialog', { name: 'The new key' });
      const secret = (await dialog.locator('#secret').textContent())!;
      expect(secret).toMatch(/^fs_/);
      await checkAccess(page, 'admin-new-key');
      await dialog.getByRole('button', { name: 'I have it' }).click();
      await page.locator('tr[data-key="front desk"]').waitFor();
      expect(await page.content()).not.toContain(secret);

      const status = (path: string) => fetch(url + path, { headers: { 'X-Api-Key': secret } }).then((response) => response.status);
      expect(await status(`/v1/collections/${collection}`)).toBe(200);
      expect(await status('/v1/collections/default')).not.toBe(200);
      await page.getByRole('button', { name: 'Revoke front desk' }).click();
      await page.getByRole('button', { name: 'Revoke the key' }).click();
      await page.locator('tr[data-key="front desk"]').waitFor({ state: 'detached' });
      expect(await status(`/v1/collections/${collection}`)).toBe(401);
      for (const action of ['issueKey', 'revokeKey'])
        await page.locator(`#audit tr[data-action=${action}]`).first().waitFor();
    });
  });

  it('exports a collection', () => visiting({ view: 'admin' }, async (page) => {
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export default' }).click();
    expect((await saved).suggestedFilename()).toBe('default.zip');
  }));

  it('shows the problem for a key without the scope', async () => {
    const { key } = await api<{ key: { secret: string } }>('POST', '/v1/keys', { name: `reader-${process.pid}`, scopes: ['read'] });
    await visiting({ view: 'admin', withKey: key.secret }, async (page, { expected }) => {
      expected.push(/status of 403/);
      await page.locator('.problem[data-code=forbidden]').getByText('The API key does not permit this call').waitFor();
      await said(page, 'The API key does not permit this call');
      await checkAccess(page, 'admin-forbidden');
    });
  });
});
