import { replay } from '../../pod-spec/testing/replay.ts';
import { deployment } from './index.ts';

replay(deployment, import.meta.url);
