import { replay } from '../../pod-spec/testing/replay.ts';
import { horizontalPodAutoscaler } from './index.ts';

replay(horizontalPodAutoscaler, import.meta.url);
