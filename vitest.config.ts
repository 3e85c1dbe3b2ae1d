import { defineConfig } from 'vitest/config';

/** Folders whose tests start a hub, a browser or a service; everything else is fast. */
const slow = ['test/testbed/**', 'test/journey/**', 'test/e2e/**', 'test/outbox/**'];

export default defineConfig({
  test: {
    restoreMocks: true,
    projects: [
      {
        test: { name: 'fast', include: ['test/**/*.test.ts'], exclude: slow, testTimeout: 20_000 },
      },
      {
        test: {
          name: 'slow',
          include: slow.map((folder) => folder.replace('/**', '/**/*.test.ts')),
          testTimeout: 180_000,
          hookTimeout: 180_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
