/** The files of httpd's own image, and what it starts with. */
import { file, folder, type Node } from '../files/file-tree.ts';
import type { Context } from '../shell/box.ts';
import type { Run } from '../shell/coroutine.ts';

const CONFIG = `ServerRoot "/usr/local/apache2"

Listen 80

LoadModule mpm_event_module modules/mod_mpm_event.so
LoadModule authz_core_module modules/mod_authz_core.so
LoadModule mime_module modules/mod_mime.so
LoadModule log_config_module modules/mod_log_config.so
LoadModule dir_module modules/mod_dir.so
LoadModule autoindex_module modules/mod_autoindex.so

<IfModule unixd_module>
User www-data
Group www-data
</IfModule>

ServerAdmin you@example.com
#ServerName www.example.com:80

<Directory />
    AllowOverride none
    Require all denied
</Directory>

DocumentRoot "/usr/local/apache2/htdocs"
<Directory "/usr/local/apache2/htdocs">
    Options Indexes FollowSymLinks
    AllowOverride None
    Require all granted
</Directory>

<IfModule dir_module>
    DirectoryIndex index.html
</IfModule>

ErrorLog /proc/self/fd/2
LogLevel warn
`;

export const HTTPD_FILES: Readonly<Record<string, Node>> = {
  'usr/local/apache2/htdocs/index.html': file('<html><body><h1>It works!</h1></body></html>\n'),
  'usr/local/apache2/conf/httpd.conf': file(CONFIG),
  'usr/local/apache2/conf/mime.types': file('text/html\t\t\t\t\thtml htm\n'),
  'usr/local/apache2/logs': folder(),
  'usr/local/apache2/cgi-bin': folder(),
};

export function* httpdForeground({ argv, call }: Context): Run {
  return yield* call(['httpd', '-DFOREGROUND', ...argv.slice(1)]);
}
