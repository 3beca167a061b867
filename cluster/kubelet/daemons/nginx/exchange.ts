/** One request and what it becomes. */
import type { Box } from '../../shell/box.ts';
import type { HttpRequest, HttpResponse } from '../http-server.ts';
import type { Directive } from './config.ts';

export interface Answered {
  response: HttpResponse;
  /** For the error log, without its stamp. */
  problem?: string;
  /** The access log's, unless that is off. */
  logged: boolean;
}

/** A request on its way: rewrites change it, and each new search for a location is a round. */
export interface State {
  request: HttpRequest;
  server: Directive;
  port: number;
  uri: string;
  args: string;
  variables: Map<string, string>;
  rounds: number;
}

/** What all the parts of an answer look at. */
export interface Serving {
  readonly box: Box;
  readonly http: readonly Directive[];
  readonly version: string;
  /** As the `Server` header has it. */
  readonly banner: string;
  /** Looks for the location anew and answers by it. */
  run(state: State): Answered;
}
