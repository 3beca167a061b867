/** Which alternative of a choice the tokens ahead mean: as ANTLR's prediction, over whole contexts. */
import { nextTokens, ruleNode, type State } from './graph.ts';
import { EOF, type GrammarToken } from './tokens.ts';

/** Where the rules entered so far go on. */
export interface Frame {
  /** What follows the call of the present rule; undefined in the first. */
  follow: State | undefined;
  precedence: number;
  outer: Frame | undefined;
  id: number;
}

const frames = new Map<string, Frame>();
let frameCount = 0;
/** Frames are the same when all in them is: so that configurations can be told apart by number. */
export function frame(follow: State | undefined, precedence: number, outer: Frame | undefined): Frame {
  const key = `${follow?.id ?? -1}/${precedence}/${outer?.id ?? -1}`;
  const known = frames.get(key);
  if (known) return known;
  const made = { follow, precedence, outer, id: frameCount++ };
  frames.set(key, made);
  return made;
}
/** Between two expressions nothing is kept. */
export function forgetFrames(): void {
  frames.clear();
}

interface Configuration {
  alternative: number;
  state: State;
  frame: Frame;
  /** It has left the rule in which the choice is. */
  left: boolean;
}

/** Configurations that wait for a token, reached without reading one. */
function close(from: readonly Configuration[], decision: Frame): Configuration[] {
  const open: Configuration[] = [];
  const seen = new Set<string>();
  const visit = (one: Configuration): void => {
    const key = `${one.alternative}/${one.state.id}/${one.frame.id}/${one.left}`;
    if (seen.has(key)) return;
    seen.add(key);
    const { step } = one.state;
    switch (step.kind) {
      case 'token':
        open.push(one);
        break;
      case 'choice':
        for (const to of step.to) visit({ ...one, state: to });
        break;
      case 'above':
        if (one.frame.precedence <= step.precedence) visit({ ...one, state: step.next });
        break;
      case 'rule': {
        const inner = frame(step.next, step.precedence, one.frame);
        visit({ ...one, state: ruleNode(step.rule).entry, frame: inner });
        break;
      }
      case 'stop': {
        const { follow, outer } = one.frame;
        const left = one.left || one.frame === decision;
        if (follow && outer) visit({ ...one, state: follow, frame: outer, left });
        else open.push({ ...one, left });
      }
    }
  };
  from.forEach(visit);
  return open;
}

const accepts = ({ state: { step } }: Configuration, type: string): boolean =>
  step.kind === 'token' ? step.types.has(type) : step.kind === 'stop' && type === EOF;

const lowest = (configurations: readonly Configuration[]): number =>
  Math.min(...configurations.map(({ alternative }) => alternative));

/** The number of the alternative, or the token at which none is left. */
export function predict(
  choices: readonly State[],
  context: Frame,
  tokens: readonly GrammarToken[],
  index: number,
): { alternative: number } | { stuck: number } {
  let configurations = close(
    choices.map((state, alternative) => ({ alternative, state, frame: context, left: false })),
    context,
  );
  for (let at = index; ; at++) {
    const type = tokens[at]?.type ?? EOF;
    const moved = configurations.filter((one) => accepts(one, type));
    if (moved.length === 0) {
      const finished = configurations.filter(({ left }) => left);
      return finished.length > 0 ? { alternative: lowest(finished) } : { stuck: Math.min(at, tokens.length - 1) };
    }
    const only = lowest(moved);
    if (type === EOF || moved.every(({ alternative }) => alternative === only)) return { alternative: only };
    const next = moved.flatMap((one) => {
      const { step } = one.state;
      return step.kind === 'token' ? [{ ...one, state: step.next }] : [];
    });
    configurations = close(next, context);
  }
}

/** What may come next anywhere from here, in its context. */
export function expectedTokens(state: State, context: Frame): Set<string> {
  const expected = new Set<string>();
  let following = nextTokens(state);
  let at: Frame | undefined = context;
  const take = () => {
    for (const type of following) if (type !== '') expected.add(type);
  };
  take();
  while (at?.follow && following.has('')) {
    following = nextTokens(at.follow);
    take();
    at = at.outer;
  }
  if (following.has('')) expected.add(EOF);
  return expected;
}
