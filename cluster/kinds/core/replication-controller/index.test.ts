import { replay } from '../../pod-spec/testing/replay.ts';
import { replicationController } from './index.ts';

replay(replicationController, import.meta.url);
