import type { Container, Pod, ServiceAccount } from '../../api/types.ts';

/** Deprecated, but honoured: a ServiceAccount that lists all the secrets its pods may use. */
const ENFORCE = 'kubernetes.io/enforce-mountable-secrets';
/** What Go takes for true. */
const TRUE = ['1', 't', 'T', 'TRUE', 'true', 'True'];

function containerProblem(container: Container, what: string, account: ServiceAccount): string | undefined {
  const allowed = new Set((account.secrets ?? []).map(({ name }) => name));
  const refusal = (how: string, secret: string) =>
    `${what} ${container.name} with ${how} referencing secret.secretName="${secret}" is not allowed ` +
    `because service account ${account.metadata.name} does not reference that secret`;
  for (const { name, valueFrom } of container.env ?? []) {
    const secret = valueFrom?.secretKeyRef?.name;
    if (secret !== undefined && !allowed.has(secret)) return refusal(`envVar ${name}`, secret);
  }
  for (const { secretRef } of container.envFrom ?? []) {
    if (secretRef?.name !== undefined && !allowed.has(secretRef.name)) return refusal('envFrom', secretRef.name);
  }
  return undefined;
}

/** The first reference to a secret that the account does not list. */
export function mountableSecretsProblem({ spec }: Pod, account: ServiceAccount): string | undefined {
  if (!TRUE.includes(account.metadata.annotations?.[ENFORCE] ?? '')) return undefined;
  const { name } = account.metadata;
  const allowed = new Set((account.secrets ?? []).map((one) => one.name));
  for (const { secret } of spec?.volumes ?? []) {
    if (secret?.secretName === undefined || allowed.has(secret.secretName)) continue;
    return (
      `volume with secret.secretName="${secret.secretName}" is not allowed ` +
      `because service account ${name} does not reference that secret`
    );
  }
  for (const [containers, what] of [
    [spec?.initContainers, 'init container'],
    [spec?.containers, 'container'],
  ] as const) {
    for (const container of containers ?? []) {
      const problem = containerProblem(container, what, account);
      if (problem !== undefined) return problem;
    }
  }
  const pullSecrets = new Set((account.imagePullSecrets ?? []).map((one) => one.name));
  for (const [position, secret] of (spec?.imagePullSecrets ?? []).entries()) {
    if (pullSecrets.has(secret.name)) continue;
    return (
      `imagePullSecrets[${position}].name="${secret.name ?? ''}" is not allowed ` +
      `because service account ${name} does not reference that imagePullSecret`
    );
  }
  return undefined;
}
