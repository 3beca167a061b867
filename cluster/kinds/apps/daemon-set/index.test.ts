import { replay } from '../../pod-spec/testing/replay.ts';
import { daemonSet } from './index.ts';

replay(daemonSet, import.meta.url);
