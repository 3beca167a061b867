import { replay } from '../../pod-spec/testing/replay.ts';
import { job } from './index.ts';

replay(job, import.meta.url);
