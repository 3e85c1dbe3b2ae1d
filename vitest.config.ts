import { defineConfig } from 'vitest/config';

/** Folders whose tests start a hub, a browser or a service; everything else is fast. */
const slow = [
  'test/testbed/**/*.test.ts',
  'test/journey/**/*.test.ts',
  'test/wild/**/*.test.ts',
  'test/e2e/**/*.test.ts',
  'test/outbox/**/*.test.ts',
  'test/**/in-browser.test.ts',
];

export default defineConfig({
  test: {
    restoreMocks: true,
    projects: [
      {
        test: {
          name: 'fast',
          include: ['test/**/*.test.ts'],
          exclude: slow,
          testTimeout: 120_000,
          expect: { poll: { timeout: 15_000 } },
        },
      },
      {
        test: {
          name: 'slow',
          include: slow,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          maxWorkers: 2,
          expect: { poll: { timeout: 15_000 } },
        },
      },
    ],
  },
});
