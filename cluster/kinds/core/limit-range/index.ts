import type { LimitRange } from '../../../api/types.ts';
import type { Kind } from '../../kind.ts';
import { roundUpToMilli } from '../../pod-spec/defaults.ts';
import { LISTS, validate } from './validation.ts';

export const limitRange: Kind<LimitRange> = {
  resource: 'limitranges',
  /** Each of these is filled in from the next where that says more: default request, default limit, max; then min. */
  defaults(object) {
    for (const item of object.spec?.limits ?? []) {
      for (const list of LISTS) roundUpToMilli(item[list]);
      if (item.type !== 'Container') continue;
      item.default = { ...item.max, ...item.default };
      item.defaultRequest = { ...item.min, ...item.default, ...item.defaultRequest };
      if (Object.keys(item.default).length === 0) delete item.default;
      if (Object.keys(item.defaultRequest).length === 0) delete item.defaultRequest;
    }
  },
  prepareForCreate(object, { random }) {
    object.metadata.name ||= random.uuid();
  },
  validate,
  validateUpdate: validate,
};
