import { replay } from '../../pod-spec/testing/replay.ts';
import { node } from './index.ts';

replay(node, import.meta.url, false);
