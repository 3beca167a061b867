/** The proxies that controllers of the Gateway API start. */
import { gatewayProxy } from '../daemons/gateway-proxy.ts';
import { ANY_VERSION, type ImageSpec } from './image.ts';

export const nginxGatewayFabric: ImageSpec = {
  repositories: ['ghcr.io/nginx/nginx-gateway-fabric/nginx'],
  tags: ANY_VERSION,
  size: 45,
  base: 'alpine',
  entrypoint: ['/agent/entrypoint.sh'],
  programs: { '/agent/entrypoint.sh': gatewayProxy },
  ports: [80, 443],
};
