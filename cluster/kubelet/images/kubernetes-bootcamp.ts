/** What the interactive tutorial deploys. */
import { bootcamp } from '../daemons/small-web.ts';
import { file } from '../files/file-tree.ts';
import type { ImageSpec } from './image.ts';

export const kubernetesBootcamp: ImageSpec = {
  repositories: [
    'gcr.io/google-samples/kubernetes-bootcamp',
    'gcr.io/k8s-minikube/kubernetes-bootcamp',
    'jocatalin/kubernetes-bootcamp',
  ],
  tags: /^v[12]$|^latest$/,
  size: 83,
  base: 'debian',
  packages: ['curl', 'wget', 'procps', 'perl'],
  cmd: ['/bin/sh', '-c', 'node server.js'],
  programs: (tag) => ({ '/usr/local/bin/node': bootcamp(tag === 'v2' ? '2' : '1') }),
  files: {
    'server.js': file(
      "var http = require('http');\nvar requests=0;\nvar podname= process.env.HOSTNAME;\nvar startTime;\nvar host;\n",
    ),
  },
  ports: [8080],
};
