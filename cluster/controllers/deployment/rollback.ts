/** The annotation that asks for an earlier revision (kubectl itself patches the template instead). */
import type { Deployment, ReplicaSet } from '../../api/types.ts';
import {
  HASH_LABEL,
  ROLLBACK_TO,
  lastRevision,
  revisionOf,
  rolledBackAnnotations,
  sameTemplate,
} from './replica-sets.ts';
import { allOf, emit, syncSets, type Rollout } from './rollout.ts';

/** The revision asked for (0: the one before); undefined when none is. */
export function rollbackTo(deployment: Deployment): number | undefined {
  const text = deployment.metadata.annotations?.[ROLLBACK_TO] ?? '';
  return /^[+-]?\d+$/.test(text) ? Number(text) : undefined;
}

export function rollback(rollout: Rollout, asked: number): void {
  const sets = allOf(syncSets(rollout, true));
  const revision = asked === 0 ? lastRevision(sets) : asked;
  if (revision === 0) {
    emit(rollout, 'Warning', 'DeploymentRollbackRevisionNotFound', 'Unable to find last revision.');
    return write(rollout, {});
  }
  const target = sets.find((set) => revisionOf(set) === revision);
  if (target === undefined) {
    emit(rollout, 'Warning', 'DeploymentRollbackRevisionNotFound', 'Unable to find the revision to rollback to.');
    return write(rollout, {});
  }
  const { deployment } = rollout;
  const name = JSON.stringify(deployment.metadata.name);
  if (sameTemplate(deployment.spec?.template, target.spec?.template)) {
    const message = `The rollback revision contains the same template as current deployment ${name}`;
    emit(rollout, 'Warning', 'DeploymentRollbackTemplateUnchanged', message);
    return write(rollout, {});
  }
  write(rollout, { target });
  emit(rollout, 'Normal', 'DeploymentRollback', `Rolled back deployment ${name} to revision ${revision}`);
}

function write(rollout: Rollout, { target }: { target?: ReplicaSet }): void {
  const next = structuredClone(rollout.deployment);
  if (target !== undefined && next.spec !== undefined) {
    const template = structuredClone(target.spec?.template ?? {});
    delete template.metadata?.labels?.[HASH_LABEL];
    next.spec.template = template;
    next.metadata.annotations = rolledBackAnnotations(next, target);
  }
  delete next.metadata.annotations?.[ROLLBACK_TO];
  rollout.deployment = structuredClone(rollout.context.client.update<Deployment>('deployments.apps', next));
}
