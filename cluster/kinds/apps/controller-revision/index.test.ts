import { replay } from '../../pod-spec/testing/replay.ts';
import { controllerRevision } from './index.ts';

replay(controllerRevision, import.meta.url);
