/** The server that the autoscaling walkthrough puts load on. */
import { hpaExample as program } from '../daemons/small-web.ts';
import { phpProgram } from '../daemons/php.ts';
import { file } from '../files/file-tree.ts';
import type { ImageSpec } from './image.ts';

export const hpaExample: ImageSpec = {
  repositories: ['registry.k8s.io/hpa-example', 'k8s.gcr.io/hpa-example', 'gcr.io/google_containers/hpa-example'],
  tags: /^(latest|1\.0)$/,
  size: 160,
  base: 'debian',
  packages: ['curl', 'perl'],
  cmd: ['apache2-foreground'],
  programs: { '/usr/local/bin/apache2-foreground': program, '/usr/local/bin/php': phpProgram },
  files: {
    'var/www/html/index.php': file(
      '<?php\n  $x = 0.0001;\n  for ($i = 0; $i <= 1000000; $i++) {\n    $x += sqrt($x);\n  }\n  echo "OK!";\n?>\n',
    ),
  },
  ports: [80],
  workdir: '/var/www/html',
};
