/** Reads nginx's configuration: blocks of directives, includes, and its words for mistakes. */
import { FileError, normalisePath } from '../../files/file-view.ts';
import type { Box } from '../../shell/box.ts';

export interface Directive {
  name: string;
  args: readonly string[];
  block?: readonly Directive[];
  file: string;
  line: number;
}
/** What keeps nginx from starting: a line of its log without the stamp. */
export class ConfigFault extends Error {}

interface Token {
  text: string;
  quoted: boolean;
  line: number;
}

/** Inside `/etc/nginx`; includes may nest that deep. */
const DEEPEST = 10;

function* tokens(text: string): Generator<Token, void, void> {
  let line = 1;
  for (let at = 0; at < text.length;) {
    const char = text.charAt(at);
    if (char === '\n') line++;
    if (/\s/.test(char)) at++;
    else if (char === '#') {
      while (at < text.length && text.charAt(at) !== '\n') at++;
    } else if (char === ';' || char === '{' || char === '}') {
      yield { text: char, quoted: false, line };
      at++;
    } else if (char === '"' || char === "'") {
      let word = '';
      const from = line;
      for (at++; at < text.length && text.charAt(at) !== char; at++) {
        if (text.charAt(at) === '\\' && at + 1 < text.length) {
          const next = text.charAt(++at);
          word += { n: '\n', t: '\t', r: '\r', '"': '"', "'": "'", '\\': '\\' }[next] ?? `\\${next}`;
        } else word += text.charAt(at);
        if (text.charAt(at) === '\n') line++;
      }
      at++;
      yield { text: word, quoted: true, line: from };
    } else {
      let word = '';
      while (at < text.length && !/[\s;]/.test(text.charAt(at))) {
        const here = text.charAt(at);
        // ${name} is a variable; a brace elsewhere opens a block
        if (here === '{' && !word.endsWith('$')) break;
        if (here === '$' && text.charAt(at + 1) === '{') {
          const end = text.indexOf('}', at);
          word += `$${text.slice(at + 2, end)}`;
          at = end + 1;
          continue;
        }
        word += here;
        at++;
      }
      yield { text: word, quoted: false, line };
    }
  }
}

/** Where a directive may stand, of those whose place is looked at. */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  events: ['main'],
  http: ['main'],
  server: ['http', 'upstream'],
  location: ['server', 'location'],
  listen: ['server'],
  server_name: ['server'],
  upstream: ['http'],
  worker_processes: ['main'],
  worker_connections: ['events'],
  user: ['main'],
  pid: ['main'],
  proxy_pass: ['location', 'if', 'limit_except'],
  return: ['server', 'location', 'if'],
  root: ['http', 'server', 'location', 'if'],
  index: ['http', 'server', 'location'],
  try_files: ['server', 'location'],
  log_format: ['http'],
  types: ['http', 'server', 'location'],
  map: ['http'],
  alias: ['location'],
};
/** Directives of http, server and location that are known; what is not in here is a mistake. */
const KNOWN = new Set(
  `absolute_redirect accept_mutex access_log add_header add_trailer aio alias allow ancient_browser auth_basic auth_basic_user_file auth_request
  auth_request_set autoindex autoindex_exact_size autoindex_format autoindex_localtime break charset charset_types chunked_transfer_encoding
  client_body_buffer_size client_body_temp_path client_body_timeout client_header_buffer_size client_header_timeout client_max_body_size
  connection_pool_size daemon debug_points default_type deny directio env error_log error_page etag events expires fastcgi_buffers
  fastcgi_buffer_size fastcgi_index fastcgi_param fastcgi_pass fastcgi_read_timeout fastcgi_split_path_info fastcgi_temp_path geo grpc_pass
  grpc_set_header gunzip gzip gzip_buffers gzip_comp_level gzip_disable gzip_http_version gzip_min_length gzip_proxied gzip_static gzip_types
  gzip_vary hash http http2 if if_modified_since ignore_invalid_headers include index internal ip_hash keepalive keepalive_requests
  keepalive_timeout large_client_header_buffers least_conn limit_conn limit_conn_zone limit_except limit_rate limit_rate_after limit_req
  limit_req_zone lingering_close listen load_module location log_format log_not_found log_subrequest map map_hash_bucket_size
  map_hash_max_size master_process merge_slashes mirror msie_padding multi_accept open_file_cache open_file_cache_valid output_buffers pcre_jit
  perl_modules pid port_in_redirect proxy_buffer_size proxy_buffering proxy_buffers proxy_busy_buffers_size proxy_cache proxy_cache_key
  proxy_cache_path proxy_cache_valid proxy_connect_timeout proxy_cookie_path proxy_hide_header proxy_http_version proxy_intercept_errors
  proxy_max_temp_file_size proxy_method proxy_next_upstream proxy_pass proxy_pass_header proxy_pass_request_body proxy_pass_request_headers
  proxy_read_timeout proxy_redirect proxy_request_buffering proxy_send_timeout proxy_set_body proxy_set_header proxy_ssl_certificate
  proxy_ssl_server_name proxy_ssl_verify proxy_store proxy_temp_path proxy_timeout random read_ahead real_ip_header real_ip_recursive
  recursive_error_pages reset_timedout_connection resolver resolver_timeout return rewrite rewrite_log root satisfy scgi_temp_path send_timeout
  sendfile sendfile_max_chunk server server_name server_name_in_redirect server_names_hash_bucket_size server_names_hash_max_size server_tokens
  set set_real_ip_from split_clients ssi ssl_certificate ssl_certificate_key ssl_ciphers ssl_client_certificate ssl_dhparam
  ssl_prefer_server_ciphers ssl_protocols ssl_session_cache ssl_session_tickets ssl_session_timeout ssl_verify_client stream stub_status
  sub_filter sub_filter_once tcp_nodelay tcp_nopush timer_resolution try_files types types_hash_bucket_size types_hash_max_size underscores_in_headers
  upstream use user userid uwsgi_pass uwsgi_temp_path valid_referers variables_hash_max_size worker_connections worker_cpu_affinity worker_priority
  worker_processes worker_rlimit_nofile worker_shutdown_timeout xslt_types zone`.split(/\s+/),
);
/** Blocks whose lines are no directives. */
const DATA = new Set(['types', 'map', 'geo', 'split_clients']);
const BLOCKS = new Set(['events', 'http', 'server', 'location', 'upstream', 'if', 'limit_except', 'stream', ...DATA]);

function filesOf(box: Box, pattern: string): string[] {
  if (!/[*?[]/.test(pattern)) return [pattern];
  const above = pattern.slice(0, pattern.lastIndexOf('/')) || '/';
  const name = pattern.slice(pattern.lastIndexOf('/') + 1);
  const [before = '', after = ''] = name.split('*');
  if (box.files.find(above)?.kind !== 'folder') return [];
  return box.files
    .list(above)
    .filter((one) => one.startsWith(before) && one.endsWith(after) && !one.startsWith('.'))
    .map((one) => `${above}/${one}`);
}

/** Files that include no others, as they were read: what is in them says it all, and most containers have the image's. */
const readBefore = new Map<string, readonly Directive[]>();
const MOST_READ = 100;
/** Characters; longer ones are not kept. */
const LONGEST_READ = 16 * 1024;

/** The words of files that include others. */
const wordsBefore = new Map<string, readonly Token[]>();
function wordsOf(text: string): readonly Token[] {
  const known = wordsBefore.get(text);
  if (known !== undefined) return known;
  const words = [...tokens(text)];
  if (text.length > LONGEST_READ) return words;
  if (wordsBefore.size >= MOST_READ) wordsBefore.clear();
  wordsBefore.set(text, words);
  return words;
}

export interface Config {
  directives: readonly Directive[];
  /** In the order read. */
  files: readonly { path: string; text: string }[];
}

/** @throws ConfigFault */
export function readConfig(box: Box, path: string): Config {
  const files: { path: string; text: string }[] = [];
  const base = path.slice(0, path.lastIndexOf('/'));
  const open = (file: string): string => {
    try {
      const node = box.files.stat(file);
      if (node.kind === 'folder') throw new FileError('EISDIR');
      return box.files.readNode(node);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      const number = { EACCES: 13, EISDIR: 21, ENOTDIR: 20 }[error.fault as string] ?? 2;
      const call = number === 21 ? 'read()' : 'open()';
      throw new ConfigFault(`${call} "${file}" failed (${number}: ${error.message})`);
    }
  };
  const read = (file: string, place: string, depth: number): readonly Directive[] => {
    const text = open(file);
    files.push({ path: file, text });
    const key = [place, file, text].join('\0');
    const known = readBefore.get(key);
    if (known !== undefined) return known;
    let standsAlone = text.length <= LONGEST_READ;
    const words = wordsOf(text);
    const last = text.split('\n').length - (text.endsWith('\n') ? 0 : 0);
    let at = 0;
    const where = (line: number) => `in ${file}:${line}`;
    const body = (inside: string, level: number): Directive[] => {
      const found: Directive[] = [];
      for (;;) {
        const token = words[at];
        if (token === undefined) {
          if (level > 0) throw new ConfigFault(`unexpected end of file, expecting "}" ${where(last)}`);
          return found;
        }
        at++;
        if (!token.quoted && token.text === '}') {
          if (level === 0) throw new ConfigFault(`unexpected "}" ${where(token.line)}`);
          return found;
        }
        if (!token.quoted && (token.text === ';' || token.text === '{'))
          throw new ConfigFault(`unexpected "${token.text}" ${where(token.line)}`);
        const args: string[] = [];
        let end: Token | undefined;
        for (;;) {
          end = words[at++];
          if (end === undefined) throw new ConfigFault(`unexpected end of file, expecting ";" or "}" ${where(last)}`);
          if (!end.quoted && (end.text === ';' || end.text === '{' || end.text === '}')) break;
          args.push(end.text);
        }
        const name = token.text;
        if (end.text === '}') throw new ConfigFault(`unexpected "}" ${where(end.line)}`);
        if (DATA.has(inside)) {
          found.push({ name, args, file, line: token.line });
          continue;
        }
        if (!KNOWN.has(name)) throw new ConfigFault(`unknown directive "${name}" ${where(end.line)}`);
        if (BLOCKS.has(name) && end.text === ';' && !(name === 'server' && inside === 'upstream'))
          throw new ConfigFault(`directive "${name}" has no opening "{" ${where(end.line)}`);
        if (!BLOCKS.has(name) && end.text === '{')
          throw new ConfigFault(`directive "${name}" is not terminated by ";" ${where(end.line)}`);
        const places = PLACES[name];
        if (places !== undefined && !places.includes(inside))
          throw new ConfigFault(`"${name}" directive is not allowed here ${where(end.line)}`);
        if (name === 'include') {
          standsAlone = false;
          for (const one of args.flatMap((arg) => filesOf(box, normalisePath(arg, base)))) {
            if (depth > DEEPEST) throw new ConfigFault(`too many nested includes ${where(end.line)}`);
            try {
              found.push(...read(one, inside, depth + 1));
            } catch (fault) {
              if (fault instanceof ConfigFault && fault.message.startsWith('open()') && !fault.message.includes(' in '))
                throw new ConfigFault(`${fault.message} ${where(end.line)}`);
              throw fault;
            }
          }
          continue;
        }
        if (args.length === 0 && ['listen', 'root', 'proxy_pass', 'return', 'index', 'server_name'].includes(name))
          throw new ConfigFault(`invalid number of arguments in "${name}" directive ${where(end.line)}`);
        const made: Directive = { name, args, file, line: end.line };
        found.push(end.text === '{' ? { ...made, block: body(name, level + 1) } : made);
      }
    };
    const all = body(place, 0);
    if (standsAlone) {
      if (readBefore.size >= MOST_READ) readBefore.clear();
      readBefore.set(key, all);
    }
    return all;
  };
  return { directives: read(path, 'main', 0), files };
}
