import { cookies } from 'next/headers';
import { type Arrangement, parseArrangement } from './split.ts';

/** How this reader left task and terminal. */
export async function currentArrangement(): Promise<Arrangement> {
  const jar = await cookies();
  return parseArrangement((name) => jar.get(name)?.value);
}
