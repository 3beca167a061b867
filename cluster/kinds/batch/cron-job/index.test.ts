import { replay } from '../../pod-spec/testing/replay.ts';
import { cronJob } from './index.ts';

replay(cronJob, import.meta.url);
