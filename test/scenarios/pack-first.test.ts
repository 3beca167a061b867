import { declareScenarios } from './declare-scenarios.ts';

declareScenarios(0);
