/** One limit against what a container, a pod or a claim asks for. Each returns the sentence of refusal, or undefined. */
import type { Amounts } from '../../api/pods.ts';
import type { Quantity } from '../../api/quantity.ts';

export interface Asked {
  requests: Amounts;
  limits: Amounts;
}
type Constraint = (type: string, name: string, bound: Quantity, asked: Asked) => string | undefined;

export const minConstraint: Constraint = (type, name, bound, { requests, limits }) => {
  const head = `minimum ${name} usage per ${type} is ${bound.toString()}`;
  const request = requests.get(name);
  const limit = limits.get(name);
  if (!request) return `${head}.  No request is specified`;
  if (request.cmp(bound) < 0) return `${head}, but request is ${request.toString()}`;
  return limit && limit.cmp(bound) < 0 ? `${head}, but limit is ${limit.toString()}` : undefined;
};

export const maxConstraint: Constraint = (type, name, bound, { requests, limits }) => {
  const head = `maximum ${name} usage per ${type} is ${bound.toString()}`;
  const request = requests.get(name);
  const limit = limits.get(name);
  if (!limit) return `${head}.  No limit is specified`;
  if (limit.cmp(bound) > 0) return `${head}, but limit is ${limit.toString()}`;
  return request && request.cmp(bound) > 0 ? `${head}, but request is ${request.toString()}` : undefined;
};

/** For claims, which have no limits. */
export const maxRequestConstraint: Constraint = (type, name, bound, { requests }) => {
  const head = `maximum ${name} usage per ${type} is ${bound.toString()}`;
  const request = requests.get(name);
  if (!request) return `${head}.  No request is specified`;
  return request.cmp(bound) > 0 ? `${head}, but request is ${request.toString()}` : undefined;
};

export const ratioConstraint: Constraint = (type, name, bound, { requests, limits }) => {
  const head = `${name} max limit to request ratio per ${type} is ${bound.toString()}`;
  const request = requests.get(name);
  const limit = limits.get(name);
  if (!request || request.isZero()) return `${head}, but no request is specified or request is 0`;
  if (!limit || limit.isZero()) return `${head}, but no limit is specified or limit is 0`;
  const ratio = limit.milliValue() / request.milliValue();
  return ratio * 1000 > bound.milliValue() ? `${head}, but provided ratio is ${ratio.toFixed(6)}` : undefined;
};
