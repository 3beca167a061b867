/** `quantity('500m')`. */
import { parseQuantity, Quantity, quantityProblem } from '../../api/quantity.ts';
import { global, member, type Overload } from '../declarations.ts';
import { fitsInt } from '../numbers.ts';
import { BOOL, DOUBLE, INT, STRING, type Type } from '../types.ts';
import { CelError, Opaque, type Value } from '../values.ts';

const NAME = 'kubernetes.Quantity';
const QUANTITY: Type = { kind: 'struct', name: NAME, of: [] };

class QuantityValue extends Opaque {
  readonly typeName = NAME;
  readonly quantity: Quantity;
  constructor(quantity: Quantity) {
    super();
    this.quantity = quantity;
  }
  equals(other: Opaque): boolean {
    return other instanceof QuantityValue && this.quantity.cmp(other.quantity) === 0;
  }
  toString(): string {
    return this.quantity.toString();
  }
}
const of = (value: Value | undefined): Quantity => (value as QuantityValue).quantity;

/** Whole, and within 64 bits. */
function whole(quantity: Quantity): bigint | undefined {
  const value = BigInt(quantity.value());
  return fitsInt(value) && quantity.cmp(Quantity.ofValue(value)) === 0 ? value : undefined;
}

function parse([text]: readonly Value[]): Value {
  const parsed = parseQuantity(text as string);
  return parsed ? new QuantityValue(parsed) : new CelError(quantityProblem(text as string) ?? '');
}
const number = (value: Value | undefined) =>
  typeof value === 'bigint' ? Quantity.ofValue(value, 'DecimalExponent') : of(value);

export const QUANTITIES: readonly Overload[] = [
  global('quantity', [STRING], QUANTITY, parse),
  global('isQuantity', [STRING], BOOL, ([text]) => parseQuantity(text as string) !== undefined),
  global('sign', [QUANTITY], INT, ([q]) => BigInt(of(q).sign())),
  member('isGreaterThan', [QUANTITY, QUANTITY], BOOL, ([q, other]) => of(q).cmp(of(other)) > 0),
  member('isLessThan', [QUANTITY, QUANTITY], BOOL, ([q, other]) => of(q).cmp(of(other)) < 0),
  member('compareTo', [QUANTITY, QUANTITY], INT, ([q, other]) => BigInt(of(q).cmp(of(other)))),
  member('asApproximateFloat', [QUANTITY], DOUBLE, ([q]) => of(q).toNumber()),
  member('asInteger', [QUANTITY], INT, ([q]) => whole(of(q)) ?? new CelError('cannot convert value to integer')),
  member('isInteger', [QUANTITY], BOOL, ([q]) => whole(of(q)) !== undefined),
  ...[QUANTITY, INT].flatMap((other) => [
    member('add', [QUANTITY, other], QUANTITY, ([q, by]) => new QuantityValue(of(q).add(number(by)))),
    member('sub', [QUANTITY, other], QUANTITY, ([q, by]) => new QuantityValue(of(q).sub(number(by)))),
  ]),
];
