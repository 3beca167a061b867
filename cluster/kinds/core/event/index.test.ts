import { replay } from '../../pod-spec/testing/replay.ts';
import { event } from './index.ts';

replay(event, import.meta.url);
