/** One admission decision. A plugin may change a request before validation (`mutate`), or refuse it before or after (`mutate`, `validate`). */
import type { KubeObject } from '../api/types.ts';
import type { Client, Clock, DeleteOptions, Random, Reader } from '../store/client.ts';
import type { ResourceInfo } from '../schema/resources.ts';

export interface UserInfo {
  username: string;
  uid?: string;
  groups: string[];
  extra?: Record<string, string[]>;
}

export interface AdmissionRequest {
  operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
  resource: ResourceInfo;
  /** '' for the object itself; `status`, `scale`, `binding`, `eviction`, `exec`, ... */
  subresource: string;
  namespace: string;
  /** '' while a generated name is still to be drawn. */
  name: string;
  /** The object to be stored; absent for DELETE. `mutate` may change it. */
  object?: KubeObject;
  /** What is stored now; absent for CREATE. */
  old?: KubeObject;
  options?: DeleteOptions;
  user: UserInfo;
  dryRun: boolean;
  /** Adds a sentence to the Warning headers of the answer. */
  warn(sentence: string): void;
}

export interface AdmissionContext {
  store: Reader;
  /** For what a plugin itself writes (quota usage). Not to be used when `dryRun`. */
  client: Client;
  clock: Clock;
  random: Random;
}

export interface AdmissionPlugin {
  /** As in --enable-admission-plugins: `ResourceQuota`. */
  name: string;
  /** May change `request.object`. Run twice must equal run once. @throws StatusError to refuse */
  mutate?(request: AdmissionRequest, context: AdmissionContext): void;
  /** May change nothing in the request. @throws StatusError to refuse */
  validate?(request: AdmissionRequest, context: AdmissionContext): void;
}
