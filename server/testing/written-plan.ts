import { someScenario } from '#grader/testing.ts';

/** The session that writing-server.ts works in. */
export const writtenPlan = { id: 'written', scenario: someScenario('core/one'), seed: 5 };
