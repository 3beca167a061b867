/** How clients speak with our database servers: JSON, a line each way. The words on the wire are our own. */
import type { TcpPeer } from '../../shell/box.ts';

export interface Conversation {
  peer: TcpPeer;
  /** Nothing more is heard. */
  close(): void;
}

/** `answer`: to one line, without its end. */
export function conversation(answer: (line: string) => unknown): Conversation {
  let held = '';
  const peer = {
    closed: false,
    say(bytes: string): string {
      held += bytes;
      let out = '';
      for (let end = held.indexOf('\n'); end !== -1; end = held.indexOf('\n')) {
        const line = held.slice(0, end);
        held = held.slice(end + 1);
        out += `${JSON.stringify(answer(line))}\n`;
      }
      return out;
    },
  };
  return {
    peer,
    close: () => {
      peer.closed = true;
    },
  };
}
