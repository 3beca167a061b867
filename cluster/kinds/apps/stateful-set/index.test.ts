import { replay } from '../../pod-spec/testing/replay.ts';
import { statefulSet } from './index.ts';

replay(statefulSet, import.meta.url);
