export { ipAddress, serviceCidr } from './addresses.ts';
export { ingress } from './ingress.ts';
export { ingressClass } from './ingress-class.ts';
export { networkPolicy } from './network-policy.ts';
