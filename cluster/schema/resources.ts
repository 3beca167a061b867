/** The resources of Kubernetes 1.35, from discovery. */
import facts from './facts/resources.json' with { type: 'json' };

export interface ResourceInfo {
  /** '' for the core group. */
  group: string;
  version: string;
  /** Plural, as in paths: `pods`. */
  resource: string;
  kind: string;
  namespaced: boolean;
  singular: string;
  shortNames: string[];
  categories: string[];
  verbs: string[];
  subresources: SubresourceInfo[];
}

export interface SubresourceInfo {
  name: string;
  /** The kind of its bodies; group and version are '' when they are the resource's own. */
  kind: { group: string; version: string; kind: string };
  verbs: string[];
}

export const resources: readonly ResourceInfo[] = facts;

/** `deployments.apps`; the core group's are bare: `pods`. */
export const resourceName = (info: { group: string; resource: string }): string =>
  info.group === '' ? info.resource : `${info.resource}.${info.group}`;
export const groupVersion = (info: { group: string; version: string }): string =>
  info.group === '' ? info.version : `${info.group}/${info.version}`;
