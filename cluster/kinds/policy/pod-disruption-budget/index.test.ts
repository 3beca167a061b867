import { replay } from '../../pod-spec/testing/replay.ts';
import { podDisruptionBudget } from './index.ts';

replay(podDisruptionBudget, import.meta.url);
