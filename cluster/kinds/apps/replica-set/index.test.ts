import { replay } from '../../pod-spec/testing/replay.ts';
import { replicaSet } from './index.ts';

replay(replicaSet, import.meta.url);
