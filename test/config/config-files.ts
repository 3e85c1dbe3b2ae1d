import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder that holds these files until the test is over. */
export function aFolder(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'hubcanary-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** The file of a configuration of one hub, with more lines for that hub and then more sections. */
export function aConfig({
  hub = '',
  sections = '',
}: { readonly hub?: string; readonly sections?: string } = {}): string {
  const lines = [
    'hubs:',
    '  - name: staging',
    '    url: https://staging.example.org/base',
    '    login: {kind: password, username: probe, password: {env: STAGING_PASSWORD}}',
    hub === '' ? '' : `    ${hub}`,
    sections,
  ];
  return join(
    aFolder({ 'config.yaml': `${lines.filter((line) => line !== '').join('\n')}\n` }),
    'config.yaml',
  );
}
