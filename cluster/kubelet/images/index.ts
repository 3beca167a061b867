/** All images, by the name of their file. An image = a file and two lines here. */
import type { ImageSpec } from './image.ts';
import { agnhost } from './agnhost.ts';
import { alpine } from './alpine.ts';
import { argocd } from './argocd.ts';
import { bash } from './bash.ts';
import { busybox } from './busybox.ts';
import { caddy } from './caddy.ts';
import { calico } from './calico.ts';
import { cassandra } from './cassandra.ts';
import { centos } from './centos.ts';
import { certManager } from './cert-manager.ts';
import { cilium } from './cilium.ts';
import { coredns } from './coredns.ts';
import { curl } from './curl.ts';
import { debian } from './debian.ts';
import { echoServer } from './echo-server.ts';
import { echoserver } from './echoserver.ts';
import { elasticsearch } from './elasticsearch.ts';
import { etcd } from './etcd.ts';
import { fedora } from './fedora.ts';
import { filebeat } from './filebeat.ts';
import { flannel } from './flannel.ts';
import { fluentBit } from './fluent-bit.ts';
import { fluentd } from './fluentd.ts';
import { gbFrontend } from './gb-frontend.ts';
import { gbRedisFollower } from './gb-redis-follower.ts';
import { golang } from './golang.ts';
import { goproxy } from './goproxy.ts';
import { grafana } from './grafana.ts';
import { haproxy } from './haproxy.ts';
import { helloApp } from './hello-app.ts';
import { helloFrontend } from './hello-frontend.ts';
import { helloGoGke } from './hello-go-gke.ts';
import { helloWorld } from './hello-world.ts';
import { hpaExample } from './hpa-example.ts';
import { httpEcho } from './http-echo.ts';
import { httpbin } from './httpbin.ts';
import { httpd } from './httpd.ts';
import { ingressNginx } from './ingress-nginx.ts';
import { jenkins } from './jenkins.ts';
import { jessieDnsutils } from './jessie-dnsutils.ts';
import { kuard } from './kuard.ts';
import { kubeApiserver } from './kube-apiserver.ts';
import { kubeControllerManager } from './kube-controller-manager.ts';
import { kubeProxy } from './kube-proxy.ts';
import { kubeScheduler } from './kube-scheduler.ts';
import { kubeStateMetrics } from './kube-state-metrics.ts';
import { kubeWebhookCertgen } from './kube-webhook-certgen.ts';
import { kubectl } from './kubectl.ts';
import { kubernetesBootcamp } from './kubernetes-bootcamp.ts';
import { kubernetesDashboard } from './kubernetes-dashboard.ts';
import { liveness } from './liveness.ts';
import { localPathProvisioner } from './local-path-provisioner.ts';
import { mariadb } from './mariadb.ts';
import { memcached } from './memcached.ts';
import { metricsServer } from './metrics-server.ts';
import { microservices } from './microservices.ts';
import { mongo } from './mongo.ts';
import { mysql } from './mysql.ts';
import { networkTools } from './network-tools.ts';
import { nginx } from './nginx.ts';
import { nginxGatewayFabric } from './nginx-gateway-fabric.ts';
import { nginxHello } from './nginx-hello.ts';
import { nginxSlim } from './nginx-slim.ts';
import { nginxUnprivileged } from './nginx-unprivileged.ts';
import { node } from './node.ts';
import { nodeExporter } from './node-exporter.ts';
import { nodeHello } from './node-hello.ts';
import { openjdk } from './openjdk.ts';
import { pause } from './pause.ts';
import { perl } from './perl.ts';
import { podinfo } from './podinfo.ts';
import { postgres } from './postgres.ts';
import { prometheus } from './prometheus.ts';
import { python } from './python.ts';
import { rabbitmq } from './rabbitmq.ts';
import { redis } from './redis.ts';
import { registry } from './registry.ts';
import { rockylinux } from './rockylinux.ts';
import { serveHostname } from './serve-hostname.ts';
import { stress } from './stress.ts';
import { tomcat } from './tomcat.ts';
import { traefik } from './traefik.ts';
import { ubuntu } from './ubuntu.ts';
import { webappColor } from './webapp-color.ts';
import { whoami } from './whoami.ts';
import { wordpress } from './wordpress.ts';
import { zookeeper } from './zookeeper.ts';

export const IMAGES: readonly ImageSpec[] = [
  agnhost,
  alpine,
  argocd,
  bash,
  busybox,
  caddy,
  calico,
  cassandra,
  centos,
  certManager,
  cilium,
  coredns,
  curl,
  debian,
  echoServer,
  echoserver,
  elasticsearch,
  etcd,
  fedora,
  filebeat,
  flannel,
  fluentBit,
  fluentd,
  gbFrontend,
  gbRedisFollower,
  golang,
  goproxy,
  grafana,
  haproxy,
  helloApp,
  helloFrontend,
  helloGoGke,
  helloWorld,
  hpaExample,
  httpEcho,
  httpbin,
  httpd,
  ingressNginx,
  jenkins,
  jessieDnsutils,
  kuard,
  kubeApiserver,
  kubeControllerManager,
  kubeProxy,
  kubeScheduler,
  kubeStateMetrics,
  kubeWebhookCertgen,
  kubectl,
  kubernetesBootcamp,
  kubernetesDashboard,
  liveness,
  localPathProvisioner,
  mariadb,
  memcached,
  metricsServer,
  microservices,
  mongo,
  mysql,
  networkTools,
  nginx,
  nginxGatewayFabric,
  nginxHello,
  nginxSlim,
  nginxUnprivileged,
  node,
  nodeExporter,
  nodeHello,
  openjdk,
  pause,
  perl,
  podinfo,
  postgres,
  prometheus,
  python,
  rabbitmq,
  redis,
  registry,
  rockylinux,
  serveHostname,
  stress,
  tomcat,
  traefik,
  ubuntu,
  webappColor,
  whoami,
  wordpress,
  zookeeper,
];
