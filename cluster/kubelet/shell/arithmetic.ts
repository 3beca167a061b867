/** `$((...))`: shell arithmetic over a parsed expression. */
import type { WordNode } from 'just-bash';

type Part = WordNode['parts'][number];
export type Arithmetic = Extract<Part, { type: 'ArithmeticExpansion' }>['expression'];
type Expression = Arithmetic['expression'];

export interface Variables {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
}

export class ArithmeticError extends Error {}

const BINARY: Record<string, (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '**': (a, b) => a ** b,
  '<<': (a, b) => a << b,
  '>>': (a, b) => a >> b,
  '<': (a, b) => Number(a < b),
  '<=': (a, b) => Number(a <= b),
  '>': (a, b) => Number(a > b),
  '>=': (a, b) => Number(a >= b),
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
  '&': (a, b) => a & b,
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
  ',': (_a, b) => b,
  '/': (a, b) => Math.trunc(a / divisor(b)),
  '%': (a, b) => a % divisor(b),
};
function divisor(b: number): number {
  if (b === 0) throw new ArithmeticError('divide by zero');
  return b;
}

export function evaluate({ expression }: Arithmetic, variables: Variables): number {
  const value = (name: string): number => {
    const text = (variables.get(name) ?? '').trim();
    if (text === '') return 0;
    const number = Number(text);
    if (Number.isInteger(number)) return number;
    return /^[A-Za-z_]\w*$/.test(text) && text !== name ? value(text) : 0;
  };
  const assign = (name: string, number: number): number => {
    variables.set(name, String(number));
    return number;
  };
  const walk = (node: Expression): number => {
    switch (node.type) {
      case 'ArithNumber':
        return node.value;
      case 'ArithVariable':
      case 'ArithSpecialVar':
        return value(node.name);
      case 'ArithBracedExpansion':
        return value(node.content);
      case 'ArithGroup':
      case 'ArithNested':
        return walk(node.expression);
      case 'ArithBinary': {
        if (node.operator === '&&') return Number(walk(node.left) !== 0 && walk(node.right) !== 0);
        if (node.operator === '||') return Number(walk(node.left) !== 0 || walk(node.right) !== 0);
        return BINARY[node.operator]?.(walk(node.left), walk(node.right)) ?? 0;
      }
      case 'ArithUnary': {
        if (node.operator === '++' || node.operator === '--') {
          const name = node.operand.type === 'ArithVariable' ? node.operand.name : '';
          const before = value(name);
          const after = assign(name, before + (node.operator === '++' ? 1 : -1));
          return node.prefix ? after : before;
        }
        const inner = walk(node.operand);
        if (node.operator === '-') return -inner;
        if (node.operator === '!') return Number(inner === 0);
        return node.operator === '~' ? ~inner : inner;
      }
      case 'ArithTernary':
        return walk(node.condition) !== 0 ? walk(node.consequent) : walk(node.alternate);
      case 'ArithAssignment': {
        const right = walk(node.value);
        if (node.operator === '=') return assign(node.variable, right);
        const operator = node.operator.slice(0, -1);
        return assign(node.variable, BINARY[operator]?.(value(node.variable), right) ?? right);
      }
      case 'ArithSyntaxError':
        throw new ArithmeticError('arithmetic syntax error');
      default:
        return 0;
    }
  };
  return walk(expression);
}
