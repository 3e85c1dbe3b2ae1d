import { defineConfig } from 'vitest/config';

/** Tests that start processes: a hub, a browser, a service, a command. Everything else is fast. */
const slow = [
  'test/cli/watching.test.ts',
  'test/store/{snapshot,sqlite-trouble}.test.ts',
  'test/trial/cli.test.ts',
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
          // They share no state; loading everything anew for each of a hundred files took longer than the tests.
          isolate: false,
          // One fewer than the cores is Vitest's choice, which is one of two.
          maxWorkers: 2,
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
          // After the fast ones, which use all cores.
          sequence: { groupOrder: 1 },
          expect: { poll: { timeout: 15_000 } },
        },
      },
    ],
  },
});
