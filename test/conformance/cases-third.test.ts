import { declareCases } from './declare-cases.ts';

declareCases(2);
