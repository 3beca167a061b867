import { forbidden, invalid, notSupported, path, required, type FieldError, type Path } from '../../api/field.ts';
import type { KubeObject } from '../../api/types.ts';
import type { Kind } from '../kind.ts';
import { conditionErrors, type Condition } from './flow-schema.ts';

interface Queuing {
  queues?: number;
  handSize?: number;
  queueLengthLimit?: number;
}
interface Limited {
  nominalConcurrencyShares?: number;
  lendablePercent?: number;
  borrowingLimitPercent?: number;
  limitResponse?: { type?: string; queuing?: Queuing };
}
interface Exempt {
  nominalConcurrencyShares?: number;
  lendablePercent?: number;
}
export type PriorityLevelConfiguration = KubeObject & {
  spec?: { type?: string; limited?: Limited; exempt?: Exempt };
  status?: { conditions?: Condition[] };
};

const TYPES = ['Exempt', 'Limited'];
const RESPONSES = ['Queue', 'Reject'];
const MAX_QUEUES = 10_000_000;
/** Of the hash that deals a flow its queues. */
const MAX_BITS = 60;
const DEFAULT_SHARES = 30;
const DEFAULT_QUEUING = { handSize: 8, queues: 64, queueLengthLimit: 50 };
const at = path('spec');

function sharesErrors({ nominalConcurrencyShares: shares = 0 }: Exempt, here: Path): FieldError[] {
  if (shares >= 0) return [];
  return [invalid(here.child('nominalConcurrencyShares'), shares, 'must be a non-negative integer')];
}
function lendableErrors({ lendablePercent: percent = 0 }: Exempt, here: Path): FieldError[] {
  if (percent >= 0 && percent <= 100) return [];
  return [invalid(here.child('lendablePercent'), percent, 'must be between 0 and 100, inclusive')];
}

function queuingErrors({ queues = 0, handSize = 0, queueLengthLimit = 0 }: Queuing, here: Path): FieldError[] {
  const errors: FieldError[] = [];
  if (queueLengthLimit <= 0) errors.push(invalid(here.child('queueLengthLimit'), queueLengthLimit, 'must be positive'));
  if (queues <= 0) errors.push(invalid(here.child('queues'), queues, 'must be positive'));
  else if (queues > MAX_QUEUES) {
    errors.push(invalid(here.child('queues'), queues, `must not be greater than ${MAX_QUEUES}`));
  }
  const hand = here.child('handSize');
  const bits = Math.ceil(Math.log2(queues) * handSize);
  if (handSize <= 0) errors.push(invalid(hand, handSize, 'must be positive'));
  else if (handSize > queues) errors.push(invalid(hand, handSize, `should not be greater than queues (${queues})`));
  else if (bits > MAX_BITS) {
    const detail = `required entropy bits of deckSize ${queues} and handSize ${handSize} should not be greater than ${MAX_BITS}`;
    errors.push(invalid(hand, handSize, detail));
  }
  return errors;
}

function responseErrors({ type = '', queuing }: NonNullable<Limited['limitResponse']>, here: Path): FieldError[] {
  const ofQueuing = here.child('queuing');
  if (!RESPONSES.includes(type)) return [notSupported(here.child('type'), type, RESPONSES)];
  if (type === 'Reject') {
    return queuing ? [forbidden(ofQueuing, 'must be nil if limited.limitResponse.type is not Limited')] : [];
  }
  if (!queuing) return [required(ofQueuing, 'must not be empty if limited.limitResponse.type is Limited')];
  return queuingErrors(queuing, ofQueuing);
}

function limitedErrors(limited: Limited, here: Path): FieldError[] {
  const borrowing = limited.borrowingLimitPercent ?? 0;
  return [
    ...sharesErrors(limited, here),
    ...responseErrors(limited.limitResponse ?? {}, here.child('limitResponse')),
    ...lendableErrors(limited, here),
    ...(borrowing < 0
      ? [invalid(here.child('borrowingLimitPercent'), borrowing, 'if specified, must be a non-negative integer')]
      : []),
  ];
}

function validate({ metadata, spec = {}, status }: PriorityLevelConfiguration): FieldError[] {
  const { type = '', limited, exempt } = spec;
  const errors: FieldError[] = [];
  const [ofLimited, ofExempt] = [at.child('limited'), at.child('exempt')];
  if ((metadata.name === 'exempt') !== (type === 'Exempt')) {
    errors.push(invalid(at.child('type'), type, "must be 'Exempt' if and only if `name` is 'exempt'"));
  }
  if (type === 'Exempt') {
    if (limited) errors.push(forbidden(ofLimited, 'must be nil if the type is not Limited'));
    if (exempt) errors.push(...sharesErrors(exempt, ofExempt), ...lendableErrors(exempt, ofExempt));
  } else if (type === 'Limited') {
    if (exempt) errors.push(forbidden(ofExempt, 'must be nil if the type is Limited'));
    if (limited) errors.push(...limitedErrors(limited, ofLimited));
    else errors.push(required(ofLimited, 'must not be empty when type is Limited'));
  } else errors.push(notSupported(at.child('type'), type, TYPES));
  return [...errors, ...conditionErrors(status?.conditions)];
}

function defaults({ spec }: PriorityLevelConfiguration): void {
  if (spec?.exempt) {
    spec.exempt.nominalConcurrencyShares ??= 0;
    spec.exempt.lendablePercent ??= 0;
  }
  if (!spec?.limited) return;
  spec.limited.nominalConcurrencyShares ??= DEFAULT_SHARES;
  spec.limited.lendablePercent ??= 0;
  const queuing = spec.limited.limitResponse?.queuing;
  if (!queuing) return;
  for (const [name, value] of Object.entries(DEFAULT_QUEUING)) {
    if (!queuing[name as keyof Queuing]) queuing[name as keyof Queuing] = value;
  }
}

export const priorityLevelConfiguration: Kind<PriorityLevelConfiguration> = {
  resource: 'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
  defaults,
  prepareForCreate(object) {
    object.status = {};
  },
  validate,
  validateUpdate: validate,
  validateStatusUpdate: ({ status }) => conditionErrors(status?.conditions),
  cells({ metadata, spec }) {
    const queuing = spec?.limited?.limitResponse?.queuing;
    return [
      metadata.name,
      spec?.type ?? '',
      spec?.limited?.nominalConcurrencyShares ?? '<none>',
      queuing?.queues ?? '<none>',
      queuing?.handSize ?? '<none>',
      queuing?.queueLengthLimit ?? '<none>',
      metadata.creationTimestamp ?? null,
    ];
  },
};
