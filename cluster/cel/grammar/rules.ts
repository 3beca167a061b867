/** The grammar of CEL as a graph that can be walked and looked ahead in. */

/** A part of a rule. `state` is where it starts; see graph.ts. */
export type Part =
  | { kind: 'token'; types: readonly string[] }
  | { kind: 'rule'; name: string; precedence: number }
  | { kind: 'seq'; parts: Part[] }
  | { kind: 'alt'; parts: Part[] }
  | { kind: 'opt'; part: Part }
  | { kind: 'star'; part: Part }
  | { kind: 'plus'; part: Part }
  /** Only where the rule was entered with at most this precedence. */
  | { kind: 'above'; precedence: number };

const token = (...types: string[]): Part => ({ kind: 'token', types });
const rule = (name: string, precedence = 0): Part => ({ kind: 'rule', name, precedence });
const seq = (...parts: Part[]): Part => ({ kind: 'seq', parts });
const alt = (...parts: Part[]): Part => ({ kind: 'alt', parts });
const opt = (part: Part): Part => ({ kind: 'opt', part });
const star = (part: Part): Part => ({ kind: 'star', part });
const plus = (part: Part): Part => ({ kind: 'plus', part });
const above = (precedence: number): Part => ({ kind: 'above', precedence });
const ID = 'IDENTIFIER';

/** The first alternative that can be meant is. */
export const RULES: Record<string, Part> = {
  start: seq(rule('expr'), token('EOF')),
  expr: seq(rule('conditionalOr'), opt(seq(token('?'), rule('conditionalOr'), token(':'), rule('expr')))),
  conditionalOr: seq(rule('conditionalAnd'), star(seq(token('||'), rule('conditionalAnd')))),
  conditionalAnd: seq(rule('relation'), star(seq(token('&&'), rule('relation')))),
  relation: seq(rule('calc'), star(seq(above(1), token('<', '<=', '>=', '>', '==', '!=', 'in'), rule('relation', 2)))),
  calc: seq(
    rule('unary'),
    star(alt(seq(above(2), token('*', '/', '%'), rule('calc', 3)), seq(above(1), token('+', '-'), rule('calc', 2)))),
  ),
  unary: alt(rule('member'), seq(plus(token('!')), rule('member')), seq(plus(token('-')), rule('member'))),
  member: seq(
    rule('primary'),
    star(
      alt(
        seq(above(3), token('.'), opt(token('?')), rule('escapeIdent')),
        seq(above(2), token('.'), token(ID), token('('), opt(rule('exprList')), token(')')),
        seq(above(1), token('['), opt(token('?')), rule('expr'), token(']')),
      ),
    ),
  ),
  primary: alt(
    seq(opt(token('.')), token(ID)),
    seq(opt(token('.')), token(ID), seq(token('('), opt(rule('exprList')), token(')'))),
    seq(token('('), rule('expr'), token(')')),
    seq(token('['), opt(rule('listInit')), opt(token(',')), token(']')),
    seq(token('{'), opt(rule('mapInitializerList')), opt(token(',')), token('}')),
    seq(
      opt(token('.')),
      token(ID),
      star(seq(token('.'), token(ID))),
      token('{'),
      opt(rule('fieldInitializerList')),
      opt(token(',')),
      token('}'),
    ),
    rule('literal'),
  ),
  exprList: seq(rule('expr'), star(seq(token(','), rule('expr')))),
  listInit: seq(rule('optExpr'), star(seq(token(','), rule('optExpr')))),
  fieldInitializerList: seq(
    rule('optField'),
    token(':'),
    rule('expr'),
    star(seq(token(','), rule('optField'), token(':'), rule('expr'))),
  ),
  optField: seq(opt(token('?')), rule('escapeIdent')),
  mapInitializerList: seq(
    rule('optExpr'),
    token(':'),
    rule('expr'),
    star(seq(token(','), rule('optExpr'), token(':'), rule('expr'))),
  ),
  escapeIdent: alt(token(ID), token('ESC_IDENTIFIER')),
  optExpr: seq(opt(token('?')), rule('expr')),
  literal: alt(
    seq(opt(token('-')), token('NUM_INT')),
    token('NUM_UINT'),
    seq(opt(token('-')), token('NUM_FLOAT')),
    token('STRING'),
    token('BYTES'),
    token('true'),
    token('false'),
    token('null'),
  ),
};
