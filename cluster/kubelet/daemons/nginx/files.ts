/** The files of nginx' own image: its page, and how it is configured when nobody has touched it. */
import { file, folder, link, type Node } from '../../files/file-tree.ts';

const WELCOME = `<!DOCTYPE html>
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
const FAILURE = `<!DOCTYPE html>
<html>
<head>
<title>Error</title>
</head>
<body>
<h1>An error occurred.</h1>
<p>Sorry, the page you are looking for is currently unavailable.<br/>
Please try again later.</p>
</body>
</html>
`;
const site = (port: number): string => `server {
    listen       ${port};
    server_name  localhost;

    #access_log  /var/log/nginx/host.access.log  main;

    location / {
        root   /usr/share/nginx/html;
        index  index.html index.htm;
    }

    #error_page  404              /404.html;

    # redirect server error pages to the static page /50x.html
    #
    error_page   500 502 503 504  /50x.html;
    location = /50x.html {
        root   /usr/share/nginx/html;
    }
}

`;
const main = (user: string, pid: string, paths = ''): string => `
${user}worker_processes  auto;

error_log  /var/log/nginx/error.log notice;
pid        ${pid};


events {
    worker_connections  1024;
}


http {
${paths}    include       /etc/nginx/mime.types;
    default_type  application/octet-stream;

    log_format  main  '$remote_addr - $remote_user [$time_local] "$request" '
                      '$status $body_bytes_sent "$http_referer" '
                      '"$http_user_agent" "$http_x_forwarded_for"';

    access_log  /var/log/nginx/access.log  main;

    sendfile        on;
    #tcp_nopush     on;

    keepalive_timeout  65;

    #gzip  on;

    include /etc/nginx/conf.d/*.conf;
}
`;
const MIME_TYPES = `
types {
    text/html                                        html htm shtml;
    text/css                                         css;
    text/xml                                         xml;
    image/gif                                        gif;
    image/jpeg                                       jpeg jpg;
    application/javascript                           js;

    text/plain                                       txt;
    image/png                                        png;
    image/svg+xml                                    svg svgz;
    image/x-icon                                     ico;

    application/json                                 json;
    application/pdf                                  pdf;
    application/zip                                  zip;
}
`;

const filesFor = (port: number, user: string, pid: string, paths = ''): Readonly<Record<string, Node>> => ({
  'usr/share/nginx/html/index.html': file(WELCOME),
  'usr/share/nginx/html/50x.html': file(FAILURE),
  'etc/nginx/nginx.conf': file(main(user, pid, paths)),
  'etc/nginx/mime.types': file(MIME_TYPES),
  'etc/nginx/conf.d/default.conf': file(site(port)),
  'var/log/nginx/access.log': link('/dev/stdout'),
  'var/log/nginx/error.log': link('/dev/stderr'),
  'docker-entrypoint.d/10-listen-on-ipv6-by-default.sh': file('#!/bin/sh\n', { mode: 0o755 }),
  'docker-entrypoint.d/15-local-resolvers.envsh': file('#!/bin/sh\n', { mode: 0o755 }),
  'docker-entrypoint.d/20-envsubst-on-templates.sh': file('#!/bin/sh\n', { mode: 0o755 }),
  'docker-entrypoint.d/30-tune-worker-processes.sh': file('#!/bin/sh\n', { mode: 0o755 }),
});

export const NGINX_FILES = {
  ...filesFor(80, 'user  nginx;\n', '/run/nginx.pid'),
  'var/cache/nginx': folder(),
};
/** For the user nginx: its folders are that user's. */
export const UNPRIVILEGED_FILES = {
  ...filesFor(
    8080,
    '',
    '/tmp/nginx.pid',
    '    client_body_temp_path /tmp/client_temp;\n    proxy_temp_path       /tmp/proxy_temp_path;\n    fastcgi_temp_path     /tmp/fastcgi_temp;\n    uwsgi_temp_path       /tmp/uwsgi_temp;\n    scgi_temp_path        /tmp/scgi_temp;\n\n',
  ),
  'etc/nginx/conf.d': folder([['default.conf', file(site(8080), { uid: 101 })]], { uid: 101 }),
  'var/cache/nginx': folder([], { uid: 101 }),
};
