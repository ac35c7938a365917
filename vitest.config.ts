import { defineConfig } from 'vitest/config';

const shared = { environment: 'node' as const, pool: 'forks' as const, testTimeout: 60_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['{contracts,sigma,collect,server,cli,web,bench}/src/**/*.test.{ts,tsx}'],
        },
      },
      {
        // A real server, Chromium and shippers: one at a time, they share two cores.
        test: {
          ...shared,
          name: 'e2e',
          include: ['e2e/src/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        // Long torture, fuzz and load runs: `npm run verify`.
        test: {
          ...shared,
          name: 'verify',
          include: ['e2e/src/**/*.verify.ts', '{sigma,server}/src/**/*.verify.ts'],
          fileParallelism: false,
          testTimeout: 1_800_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
