/** Container images: which exist, how large they are, what they run and where that listens. Names are resolved as containerd does. */
import { createHash } from 'node:crypto';

export interface Image {
  /** `docker.io/library/nginx` */
  repository: string;
  /** `docker.io/library/nginx:1.29` */
  reference: string;
  /** `sha256:` and 64 hexadecimal digits. */
  digest: string;
  /** Compressed, as pulled. */
  bytes: number;
  entrypoint: readonly string[];
  cmd: readonly string[];
  /** Programs it has besides those of a small Linux. */
  programs: readonly string[];
  listens: readonly number[];
  /** User id the image runs as. */
  user: number;
  /** Variables the image sets, beside PATH. */
  env: Readonly<Record<string, string>>;
  /** Where its processes start. */
  workdir: string;
}

export type Lookup =
  | { kind: 'found'; image: Image }
  /** Not a name of an image at all. */
  | { kind: 'invalid'; message: string }
  /** The registry has no such image. */
  | { kind: 'missing'; message: string };

interface Entry {
  megabytes: number;
  entrypoint?: readonly string[];
  cmd?: readonly string[];
  programs?: readonly string[];
  listens?: readonly number[];
  user?: number;
  env?: Readonly<Record<string, string>>;
  workdir?: string;
  /** Tags that exist. */
  tags?: RegExp;
}

const ANY_VERSION = /^(latest|stable|edge|slim|alpine|v?\d+(\.\d+){0,3}([.-][a-z0-9][a-z0-9.-]*)?)$/;
const shell = (megabytes: number, tags = ANY_VERSION): Entry => ({ megabytes, cmd: ['sh'], tags });
const daemon = (megabytes: number, program: string, listens: readonly number[], rest: Partial<Entry> = {}): Entry => ({
  megabytes,
  cmd: [program],
  programs: [program],
  listens,
  ...rest,
});

/** What kubeadm runs: the patch releases of the last minor versions. */
const component = (megabytes: number, program: string, port: number): Entry =>
  daemon(megabytes, program, [port], { tags: /^v1\.3[0-5]\.([0-9]|1\d)$/ });

/** By repository; `docker.io/library/` is left out. */
const CATALOGUE: Record<string, Entry> = {
  alpine: shell(3.8, /^(latest|edge|3(\.([0-9]|1\d|2[0-3])(\.\d+)?)?)$/),
  busybox: shell(2.2, /^(latest|stable|musl|glibc|uclibc|1(\.(2[4-9]|3[0-7])(\.\d+)?)?(-(musl|glibc|uclibc))?)$/),
  debian: { ...shell(48), cmd: ['bash'] },
  ubuntu: { ...shell(29), cmd: ['/bin/bash'], tags: /^(latest|rolling|noble|jammy|focal|(18|20|22|24|25)\.(04|10))$/ },
  centos: { ...shell(83), cmd: ['/bin/bash'] },
  fedora: { ...shell(60), cmd: ['/bin/bash'] },
  bash: { ...shell(6), cmd: ['bash'], programs: ['bash'] },
  nginx: {
    megabytes: 72,
    entrypoint: ['/docker-entrypoint.sh'],
    cmd: ['nginx', '-g', 'daemon off;'],
    programs: ['nginx', 'nginx-debug', '/docker-entrypoint.sh', 'curl', 'bash'],
    listens: [80],
    tags: /^(latest|stable|mainline|alpine|perl|(stable|mainline)-[a-z]+|1(\.([0-9]|1\d|2\d)(\.\d{1,2})?)?(-[a-z0-9.-]+)?)$/,
  },
  httpd: daemon(58, 'httpd-foreground', [80], {
    programs: ['httpd-foreground', 'httpd', 'bash'],
    workdir: '/usr/local/apache2',
    tags: /^(latest|alpine|2(\.[0-4](\.\d{1,2})?)?(-[a-z0-9.-]+)?)$/,
  }),
  redis: daemon(45, 'redis-server', [6379], { programs: ['redis-server', 'redis-cli', 'bash'], workdir: '/data' }),
  memcached: daemon(30, 'memcached', [11211]),
  postgres: daemon(150, 'postgres', [5432], { programs: ['postgres', 'psql', 'pg_isready', 'bash'] }),
  mysql: daemon(180, 'mysqld', [3306], { programs: ['mysqld', 'mysql', 'mysqladmin', 'bash'] }),
  mariadb: daemon(120, 'mariadbd', [3306], { programs: ['mariadbd', 'mysqld', 'mariadb', 'bash'] }),
  mongo: daemon(250, 'mongod', [27017], { programs: ['mongod', 'mongosh', 'bash'] }),
  rabbitmq: daemon(100, 'rabbitmq-server', [5672], { programs: ['rabbitmq-server', 'bash'] }),
  traefik: daemon(40, 'traefik', [80]),
  haproxy: daemon(45, 'haproxy', []),
  caddy: daemon(20, 'caddy', [80, 443]),
  registry: daemon(10, 'registry', [5000]),
  tomcat: daemon(180, 'catalina.sh', [8080], { programs: ['catalina.sh', 'java', 'bash'] }),
  wordpress: daemon(250, 'apache2-foreground', [80], { programs: ['apache2-foreground', 'php', 'bash'] }),
  python: { megabytes: 360, cmd: ['python3'], programs: ['python', 'python3', 'pip', 'bash'] },
  node: { megabytes: 390, cmd: ['node'], programs: ['node', 'npm', 'npx', 'bash'] },
  golang: { ...shell(290), cmd: ['bash'], programs: ['go', 'bash'] },
  perl: { megabytes: 330, cmd: ['perl'], programs: ['perl', 'bash'] },
  'hello-world': { megabytes: 0.01, cmd: ['/hello'], programs: ['/hello'] },
  'docker.io/bitnami/nginx': daemon(90, 'nginx', [8080], { user: 1001 }),
  'docker.io/bitnami/kubectl': { megabytes: 90, entrypoint: ['kubectl'], programs: ['kubectl', 'bash'], user: 1001 },
  'docker.io/curlimages/curl': {
    megabytes: 9,
    entrypoint: ['/entrypoint.sh'],
    cmd: ['curl'],
    programs: ['curl', '/entrypoint.sh'],
    user: 100,
  },
  'docker.io/nginxinc/nginx-unprivileged': daemon(72, 'nginx', [8080], { user: 101 }),
  'docker.io/kennethreitz/httpbin': daemon(150, 'gunicorn', [80]),
  'docker.io/polinux/stress': { megabytes: 4, programs: ['stress', 'bash'], cmd: ['stress'] },
  'docker.io/vish/stress': { megabytes: 4, entrypoint: ['/stress'], programs: ['/stress'] },
  'docker.io/hashicorp/http-echo': {
    megabytes: 6,
    entrypoint: ['/http-echo'],
    programs: ['/http-echo'],
    listens: [5678],
    user: 65532,
  },
  'docker.io/fluent/fluentd': daemon(20, 'fluentd', [24224]),
  'docker.io/fluent/fluent-bit': daemon(30, '/fluent-bit/bin/fluent-bit', [2020]),
  'docker.io/prom/prometheus': daemon(120, '/bin/prometheus', [9090]),
  'docker.io/prom/node-exporter': daemon(12, '/bin/node_exporter', [9100]),
  'docker.io/grafana/grafana': daemon(190, '/run.sh', [3000]),
  'docker.io/rancher/local-path-provisioner': daemon(20, 'local-path-provisioner', []),
  'gcr.io/google-samples/hello-app': daemon(15, '/hello-app', [8080]),
  'gcr.io/google_containers/pause': daemon(0.3, '/pause', []),
  'quay.io/fluentd_elasticsearch/fluentd': daemon(50, 'fluentd', [24224]),
  'quay.io/calico/kube-controllers': daemon(50, '/usr/bin/kube-controllers', [9094]),
  'quay.io/calico/node': daemon(150, 'start_runit', [9091, 9098, 9099]),
  'registry.k8s.io/pause': daemon(0.3, '/pause', []),
  'registry.k8s.io/coredns/coredns': daemon(22, '/coredns', [53, 8080, 8181, 9153], {
    cmd: [],
    entrypoint: ['/coredns'],
  }),
  'registry.k8s.io/etcd': daemon(60, 'etcd', [2379, 2380, 2381], {
    programs: ['etcd', 'etcdctl', 'etcdutl'],
    tags: /^3\.[4-6]\.\d{1,2}-\d$/,
  }),
  'registry.k8s.io/kube-apiserver': component(30, 'kube-apiserver', 6443),
  'registry.k8s.io/kube-controller-manager': component(26, 'kube-controller-manager', 10257),
  'registry.k8s.io/kube-scheduler': component(20, 'kube-scheduler', 10259),
  'registry.k8s.io/kube-proxy': component(30, 'kube-proxy', 10256),
  'registry.k8s.io/nginx-slim': daemon(40, 'nginx', [80]),
  'registry.k8s.io/echoserver': daemon(40, 'nginx', [8080]),
  'registry.k8s.io/hpa-example': daemon(160, 'apache2-foreground', [80]),
  'registry.k8s.io/build-image/debian-base': { ...shell(30), cmd: ['bash'] },
  'registry.k8s.io/busybox': shell(1),
  'registry.k8s.io/e2e-test-images/agnhost': {
    megabytes: 50,
    entrypoint: ['/agnhost'],
    cmd: ['pause'],
    programs: ['/agnhost'],
    listens: [8080],
  },
  'registry.k8s.io/metrics-server/metrics-server': daemon(19, '/metrics-server', [10250], {
    cmd: [],
    entrypoint: ['/metrics-server'],
  }),
  'registry.k8s.io/ingress-nginx/controller': daemon(100, '/nginx-ingress-controller', [80, 443, 10254]),
};

const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const DOMAIN = /^(localhost|[a-zA-Z0-9.-]+\.[a-zA-Z0-9.-]+)(:\d+)?$|^[a-zA-Z0-9.-]+:\d+$/;

interface Reference {
  domain: string;
  path: string;
  tag: string;
  digest: string;
}

/** The parts of `[domain/]path[:tag][@digest]` with Docker's defaults filled in, or what is wrong with it. */
function parse(name: string): Reference | string {
  const [named = '', digest = ''] = name.split('@');
  const slash = named.lastIndexOf('/');
  const colon = named.indexOf(':', slash + 1);
  const repository = colon === -1 ? named : named.slice(0, colon);
  const tag = colon === -1 ? '' : named.slice(colon + 1);
  const [first = '', ...others] = repository.split('/');
  const hasDomain = others.length > 0 && (DOMAIN.test(first) || first === 'localhost');
  const parts = hasDomain ? others : [first, ...others];
  const path = !hasDomain && parts.length === 1 ? `library/${parts[0]}` : parts.join('/');
  if (parts.some((part) => COMPONENT.test(part.toLowerCase()) && part !== part.toLowerCase())) {
    return `invalid reference format: repository name (${path}) must be lowercase`;
  }
  const valid =
    parts.every((part) => COMPONENT.test(part)) &&
    (colon === -1 || /^\w[\w.-]{0,127}$/.test(tag)) &&
    (digest === '' ? !name.includes('@') : /^[a-z0-9]+:[0-9a-f]{32,}$/.test(digest));
  if (!valid) return 'invalid reference format';
  return { domain: hasDomain ? first : 'docker.io', path, tag: tag === '' && digest === '' ? 'latest' : tag, digest };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export function lookUpImage(name: string): Lookup {
  const parsed = parse(name);
  if (typeof parsed === 'string') {
    const message = `Failed to apply default image tag "${name}": couldn't parse image name "${name}": ${parsed}`;
    return { kind: 'invalid', message };
  }
  const { domain, path, tag, digest } = parsed;
  const repository = `${domain}/${path}`;
  const reference = `${repository}${tag === '' ? '' : `:${tag}`}${digest === '' ? '' : `@${digest}`}`;
  const entry = CATALOGUE[repository.replace(/^docker\.io\/library\//, '')];
  if (entry === undefined || (digest === '' && !(entry.tags ?? ANY_VERSION).test(tag))) {
    const why = `failed to pull and unpack image "${reference}": failed to resolve reference "${reference}": ${reference}: not found`;
    return { kind: 'missing', message: `rpc error: code = NotFound desc = ${why}` };
  }
  return {
    kind: 'found',
    image: {
      repository,
      reference,
      digest: digest === '' ? `sha256:${sha256(reference)}` : digest,
      bytes: Math.round(entry.megabytes * 1_000_000) + (Number.parseInt(sha256(reference).slice(0, 4), 16) % 9000),
      entrypoint: entry.entrypoint ?? [],
      cmd: entry.cmd ?? [],
      programs: entry.programs ?? [],
      listens: entry.listens ?? [],
      user: entry.user ?? 0,
      env: entry.env ?? {},
      workdir: entry.workdir ?? '/',
    },
  };
}

/** Milliseconds a pull takes here: quick enough for a learner, long enough to be seen. */
export const pullTime = (image: Image): number => 250 + Math.round(image.bytes / 200_000);

/** 64 hexadecimal digits that stay the same for the same parts. */
export const idOf = (...parts: readonly (string | number)[]): string => sha256(parts.join('\n'));
