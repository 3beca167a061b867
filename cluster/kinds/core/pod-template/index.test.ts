import { replay } from '../../pod-spec/testing/replay.ts';
import { podTemplate } from './index.ts';

replay(podTemplate, import.meta.url);
