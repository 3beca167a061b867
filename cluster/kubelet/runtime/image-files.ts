/** The files an image brings: programs, accounts, and what its own program serves. Made once and shared by all containers. */
import type { Flavour } from '../shell/box.ts';
import { NATIVE } from '../shell/programs.ts';
import { file, folder, link, treeOf, type FolderNode, type Node } from '../files/file-tree.ts';
import type { Image } from '../images.ts';

const BUSYBOX =
  '[ arch ash base64 basename cat chgrp chmod chown chroot clear cp cut date dd df diff dirname dmesg du echo egrep env expr false fgrep find free getent grep groups gzip head hostname httpd id kill killall ln ls md5sum mkdir mknod mount mv nc nl nohup nproc nslookup pgrep pidof ping pkill printenv printf ps pwd readlink realpath reset rev rm rmdir sed seq setsid sh sha1sum sha256sum sha512sum sleep sort stat stty sync tac tail tar tee test time timeout top touch tr true truncate tty umount uname uniq unlink uptime usleep vi watch wc wget which whoami xargs yes'.split(
    ' ',
  );
const GNU =
  '[ arch base64 basename bash cat chgrp chmod chown chroot clear cp cut date dd df diff dirname du echo egrep env expr false fgrep find getent grep groups gzip head hostname id ln ls md5sum mkdir mknod mount mv nl nohup nproc pgrep printenv printf pwd readlink realpath rm rmdir sed seq setsid sh sha1sum sha256sum sha512sum sleep sort stat stty sync tac tail tar tee test timeout touch tr true truncate tty umount uname uniq unlink wc which whoami xargs yes'.split(
    ' ',
  );

const NGINX_PAGE = `<!DOCTYPE html>
<html>
<head>
<title>Welcome to nginx!</title>
<style>
html { color-scheme: light dark; }
body { width: 35em; margin: 0 auto;
font-family: Tahoma, Verdana, Arial, sans-serif; }
</style>
</head>
<body>
<h1>Welcome to nginx!</h1>
<p>If you see this page, the nginx web server is successfully installed and
working. Further configuration is required.</p>

<p>For online documentation and support please refer to
<a href="http://nginx.org/">nginx.org</a>.<br/>
Commercial support is available at
<a href="http://nginx.com/">nginx.com</a>.</p>

<p><em>Thank you for using nginx.</em></p>
</body>
</html>
`;
const NGINX_SITE = `server {
    listen       80;
    listen  [::]:80;
    server_name  localhost;

    location / {
        root   /usr/share/nginx/html;
        index  index.html index.htm;
    }

    error_page   500 502 503 504  /50x.html;
    location = /50x.html {
        root   /usr/share/nginx/html;
    }
}
`;
const NGINX_CONF = `user  nginx;
worker_processes  auto;

error_log  /var/log/nginx/error.log notice;
pid        /run/nginx.pid;

events {
    worker_connections  1024;
}

http {
    include       /etc/nginx/mime.types;
    default_type  application/octet-stream;
    access_log  /var/log/nginx/access.log  main;
    sendfile        on;
    keepalive_timeout  65;
    include /etc/nginx/conf.d/*.conf;
}
`;

export function flavourOf(image: Image): Flavour {
  const name = image.repository.split('/').at(-1) ?? '';
  const tag = image.reference.split(':').at(-1) ?? '';
  return name === 'busybox' ||
    name === 'alpine' ||
    /alpine/.test(tag) ||
    name === 'curl' ||
    name === 'kubectl' ||
    name === 'bash'
    ? 'busybox'
    : 'gnu';
}

function osRelease(image: Image, flavour: Flavour): string {
  const name = image.repository.split('/').at(-1) ?? '';
  if (name === 'ubuntu')
    return 'PRETTY_NAME="Ubuntu 24.04.3 LTS"\nNAME="Ubuntu"\nVERSION_ID="24.04"\nVERSION="24.04.3 LTS (Noble Numbat)"\nVERSION_CODENAME=noble\nID=ubuntu\nID_LIKE=debian\n';
  if (flavour === 'busybox')
    return 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.22.2\nPRETTY_NAME="Alpine Linux v3.22"\nHOME_URL="https://alpinelinux.org/"\n';
  return 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nVERSION="12 (bookworm)"\nVERSION_CODENAME=bookworm\nID=debian\n';
}

const made = new Map<string, FolderNode>();
const program = (name: string): Node => file(NATIVE + name, { mode: 0o755 });

/** Nothing but its own program: no shell to exec. */
const isScratch = (image: Image): boolean =>
  /(hello-world|http-echo|pause|hello-app|etcd|kube-|coredns|metrics-server|agnhost$)/.test(image.repository) &&
  !/agnhost|etcd$/.test(image.repository);

export function imageFiles(image: Image): FolderNode {
  const known = made.get(image.reference);
  if (known !== undefined) return known;
  const flavour = flavourOf(image);
  const scratch = isScratch(image);
  const files: Record<string, Node> = {
    tmp: folder([], { mode: 0o1777 }),
    root: folder([], { mode: 0o700 }),
    var: folder(),
    etc: folder(),
    usr: folder(),
    home: folder(),
    'var/log': folder(),
    'var/run': link('/run'),
    run: folder(),
  };
  const applets = scratch ? [] : flavour === 'busybox' ? BUSYBOX : GNU;
  const bin = flavour === 'busybox' ? 'bin' : 'usr/bin';
  for (const name of applets) files[`${bin}/${name}`] = program(name);
  if (flavour === 'gnu' && !scratch)
    Object.assign(files, {
      bin: link('usr/bin'),
      sbin: link('usr/sbin'),
      'usr/sbin': folder(),
      opt: folder(),
      srv: folder(),
      mnt: folder(),
      media: folder(),
      lib: link('usr/lib'),
      'usr/lib': folder(),
    });
  for (const name of [...image.programs, ...image.entrypoint.slice(0, 1), ...image.cmd.slice(0, 1)]) {
    if (applets.includes(name)) continue;
    if (name.startsWith('/')) files[name.slice(1)] = program(name.split('/').at(-1) ?? '');
    else if (!name.startsWith('-')) files[`usr/local/bin/${name}`] = program(name);
  }
  const name = image.repository.split('/').at(-1) ?? '';
  const accounts: [string, number, string, string][] = [
    ['root', 0, '/root', flavour === 'busybox' ? '/bin/sh' : '/bin/bash'],
    ['nobody', 65534, flavour === 'busybox' ? '/home' : '/nonexistent', '/usr/sbin/nologin'],
  ];
  if (/nginx/.test(name)) {
    accounts.push(['nginx', 101, '/nonexistent', '/bin/false']);
    Object.assign(files, {
      'usr/share/nginx/html/index.html': file(NGINX_PAGE),
      'usr/share/nginx/html/50x.html': file(
        '<!DOCTYPE html>\n<html>\n<head>\n<title>Error</title>\n</head>\n<body>\n<h1>An error occurred.</h1>\n</body>\n</html>\n',
      ),
      'etc/nginx/nginx.conf': file(NGINX_CONF),
      'etc/nginx/mime.types': file(
        'types {\n    text/html                                        html htm shtml;\n    text/css                                         css;\n}\n',
      ),
      'etc/nginx/conf.d/default.conf': file(NGINX_SITE),
      'var/log/nginx/access.log': link('/dev/stdout'),
      'var/log/nginx/error.log': link('/dev/stderr'),
      'usr/sbin/nginx': program('nginx'),
    });
    delete files['usr/local/bin/nginx'];
  }
  if (name === 'httpd') {
    accounts.push(['www-data', 33, '/var/www', '/usr/sbin/nologin']);
    files['usr/local/apache2/htdocs/index.html'] = file('<html><body><h1>It works!</h1></body></html>\n');
  }
  if (name === 'redis') accounts.push(['redis', 999, '/home/redis', '/bin/sh']);
  const passwd = accounts
    .map(([user, uid, home, shell]) => `${user}:x:${uid}:${uid}:${user}:${home}:${shell}\n`)
    .join('');
  files['etc/passwd'] = file(passwd);
  files['etc/group'] = file(accounts.map(([user, uid]) => `${user}:x:${uid}:\n`).join(''));
  if (name !== 'busybox') files['etc/os-release'] = file(osRelease(image, flavour));
  const tree = treeOf(files);
  if (made.size > 200) made.clear();
  made.set(image.reference, tree);
  return tree;
}
