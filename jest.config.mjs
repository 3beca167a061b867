/** One configuration for all suites; `npm test` and friends narrow it by path. */
export default {
  testEnvironment: 'node',
  // Programs and threads are started in many a test; a machine that does other things besides takes its time over that.
  testTimeout: 20_000,
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', tsx: true },
          target: 'es2024',
          transform: { react: { runtime: 'automatic' } },
          experimental: { keepImportAttributes: true },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  testMatch: ['<rootDir>/{app,server,cluster,workspace,grader,bin,prisma,test,scripts}/**/*.test.{ts,tsx}'],
  setupFilesAfterEnv: ['<rootDir>/test/support/quiet.ts'],
  modulePathIgnorePatterns: ['<rootDir>/.next', '<rootDir>/.cache'],
};
