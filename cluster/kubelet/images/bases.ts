/** What images are built upon: the programs, accounts and files of the small Linux distributions. */
import { file, folder, link, type Node } from '../files/file-tree.ts';
import type { Flavour } from '../shell/box.ts';
import { NATIVE } from '../shell/programs.ts';
import type { Account } from './image.ts';

export type Base =
  | 'busybox'
  | 'alpine'
  | 'debian'
  | 'ubuntu'
  /** Oracle Linux, Fedora, CentOS, UBI. */
  | 'redhat'
  /** Certificates and accounts, no shell. */
  | 'distroless'
  /** Nothing but what the image brings. */
  | 'scratch';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** What busybox is built with in its own image and in Alpine's alike. */
const APPLETS = words(`
  [ [[ arch ascii ash awk base32 base64 basename bc beep blkid brctl bunzip2 bzcat bzip2 cal cat chattr chgrp chmod chown chroot cksum
  clear cmp comm cp cpio crond crontab cryptpw cut date dc dd df diff dirname dmesg dnsdomainname dos2unix du echo ed egrep env expand
  expr factor fallocate false fdisk fgrep find flock fold free fsync fuser getopt getty grep groups gunzip gzip hd head hexdump hostid
  hostname hwclock id ifconfig install ionice iostat ip ipaddr ipcalc iplink ipneigh iproute iprule kill killall last less link ln
  logger login losetup ls lsmod lsof lsusb lzcat lzma md5sum mesg mkdir mkfifo mknod mkpasswd mkswap mktemp modprobe more mount
  mountpoint mpstat mv nameif nc netstat nice nl nmeter nohup nologin nproc nsenter nslookup od openvt passwd paste patch pgrep pidof
  ping ping6 pivot_root pkill pmap poweroff printenv printf ps pscan pstree pwd pwdx readlink realpath reboot renice reset rev rm rmdir
  route run-parts sed seq setsid sh sha1sum sha256sum sha3sum sha512sum shred shuf sleep sort split stat strings stty su sum swapoff
  swapon switch_root sync sysctl syslogd tac tail tar tee test time timeout top touch tr traceroute traceroute6 tree true truncate tty
  ttysize udhcpc umount uname unexpand uniq unix2dos unlink unlzma unshare unxz unzip uptime usleep uudecode uuencode vi vlock volname
  watch wc wget which who whoami xargs xxd xzcat yes zcat`);
/** Only in the busybox image: Alpine has them in packages of their own. */
const BUSYBOX_ONLY = words(
  'arp arping chpst dpkg fsck ftpd ftpget ftpput hush httpd inetd nanddump rdate rpm runsv sendmail ssl_client taskset telnet telnetd tftp tftpd ts users w xz',
);
const ALPINE_ONLY = words('apk getconf getent iconv ldd ssl_client');

/** Debian's minimal system: coreutils, bash, dash, grep, sed, gzip, tar, findutils, diffutils, util-linux, perl-base, mawk. */
const DEBIAN = words(`
  [ apt apt-get apt-cache arch awk b2sum base32 base64 basename bash cat chgrp chmod chown chroot chrt cksum clear cmp comm cp csplit cut dash date
  dd deb-systemd-helper debconf df diff dir dircolors dirname dmesg dpkg du echo egrep env expand expr factor fallocate false fgrep find
  flock fmt fold getconf getent getopt grep groups gunzip gzip head hostid hostname iconv id install ionice ipcs join kill ldd link ln
  logger login logname ls lsblk lscpu lslogins mawk md5sum mkdir mkfifo mknod mktemp more mount mountpoint mv nice nl nohup nproc nsenter
  numfmt od passwd paste pathchk perl pinky pr printenv printf pwd readlink realpath renice rev rm rmdir run-parts script sed seq setpriv
  setsid sh sha1sum sha224sum sha256sum sha384sum sha512sum shred shuf sleep sort split stat stdbuf stty su sum sync tac tail tar taskset tee
  tempfile test timeout touch tput tr true truncate tsort tty umount uname unexpand uniq unlink unshare uptime users wc wdctl whereis which
  who whoami xargs yes zcat zgrep`);
const PROCPS = words(
  'free pgrep pidof pkill pmap ps pwdx skill slabtop snice sysctl tload top uptime vmstat w watch kill',
);
const REDHAT = words(`
  [ arch awk gawk b2sum base32 base64 basename bash cat chgrp chmod chown chroot cksum comm cp csplit curl cut date dd df dir dirname du echo egrep
  env expand expr factor false fgrep find flock fmt fold getconf getent getopt grep groups gunzip gzip head hostid iconv id install join ldd
  link ln ls md5sum mkdir mkfifo mknod mktemp more mv nice nl nohup nproc numfmt od paste pathchk pr printenv printf pwd readlink realpath rm
  rmdir rpm sed seq sh sha1sum sha256sum sha512sum shred shuf sleep sort split stat stdbuf stty sum sync tac tail tee test timeout touch tr true
  truncate tsort tty uname unexpand uniq unlink uptime users wc who whoami xargs yes zcat microdnf`);

/** Programs that images add to their base. */
const PACKAGES = {
  bash: ['bash'],
  curl: ['curl'],
  wget: ['wget'],
  procps: PROCPS,
  ping: ['ping', 'ping6'],
  dns: ['dig', 'host', 'nslookup', 'delv', 'nsupdate'],
  netcat: ['nc', 'netcat'],
  iproute: ['ip', 'ss', 'bridge', 'tc'],
  'net-tools': ['arp', 'ifconfig', 'netstat', 'route'],
  jq: ['jq'],
  vim: ['vim', 'vi'],
  less: ['less'],
  perl: ['perl'],
  python: ['python', 'python3', 'pip', 'pip3'],
  traceroute: ['traceroute'],
  telnet: ['telnet'],
  tcpdump: ['tcpdump'],
  git: ['git'],
  openssl: ['openssl'],
  gzip: ['gzip', 'gunzip', 'zcat'],
  tar: ['tar'],
  hostname: ['hostname', 'dnsdomainname'],
  httpd: ['httpd'],
} as const satisfies Record<string, readonly string[]>;
export type Package = keyof typeof PACKAGES;

export const flavourOf = (base: Base): Flavour => (base === 'busybox' || base === 'alpine' ? 'busybox' : 'gnu');
/** What `sh` is. */
export const shellOf = (base: Base): 'ash' | 'dash' | 'bash' =>
  base === 'redhat' ? 'bash' : flavourOf(base) === 'busybox' ? 'ash' : 'dash';

/** A program's file: who calls it gets the program of that name. */
export const native = (name: string): Node => file(NATIVE + name, { mode: 0o755 });

const NOLOGIN = '/usr/sbin/nologin';
const ACCOUNTS: Readonly<Record<Base, readonly Account[]>> = {
  busybox: [
    ['root', 0, '/root', '/bin/sh'],
    ['daemon', 1, '/usr/sbin', '/bin/false'],
    ['bin', 2, '/bin', '/bin/false'],
    ['sys', 3, '/dev', '/bin/false'],
    ['sync', 100, '/bin', '/bin/sync'],
    ['mail', 8, '/var/spool/mail', '/bin/false'],
    ['www-data', 33, '/var/www', '/bin/false'],
    ['operator', 37, '/var', '/bin/false'],
    ['nobody', 65534, '/home', '/bin/false'],
  ],
  alpine: [
    ['root', 0, '/root', '/bin/sh'],
    ['bin', 1, '/bin', '/sbin/nologin'],
    ['daemon', 2, '/sbin', '/sbin/nologin'],
    ['lp', 4, '/var/spool/lpd', '/sbin/nologin'],
    ['sync', 5, '/sbin', '/bin/sync'],
    ['shutdown', 6, '/sbin', '/sbin/shutdown'],
    ['halt', 7, '/sbin', '/sbin/halt'],
    ['mail', 8, '/var/mail', '/sbin/nologin'],
    ['news', 9, '/usr/lib/news', '/sbin/nologin'],
    ['uucp', 10, '/var/spool/uucppublic', '/sbin/nologin'],
    ['cron', 16, '/var/spool/cron', '/sbin/nologin'],
    ['ftp', 21, '/var/lib/ftp', '/sbin/nologin'],
    ['sshd', 22, '/dev/null', '/sbin/nologin'],
    ['games', 35, '/usr/games', '/sbin/nologin'],
    ['ntp', 123, '/var/empty', '/sbin/nologin'],
    ['guest', 405, '/dev/null', '/sbin/nologin'],
    ['nobody', 65534, '/', '/sbin/nologin'],
  ],
  debian: [
    ['root', 0, '/root', '/bin/bash'],
    ['daemon', 1, '/usr/sbin', NOLOGIN],
    ['bin', 2, '/bin', NOLOGIN],
    ['sys', 3, '/dev', NOLOGIN],
    ['sync', 4, '/bin', '/bin/sync'],
    ['games', 5, '/usr/games', NOLOGIN],
    ['man', 6, '/var/cache/man', NOLOGIN],
    ['lp', 7, '/var/spool/lpd', NOLOGIN],
    ['mail', 8, '/var/mail', NOLOGIN],
    ['news', 9, '/var/spool/news', NOLOGIN],
    ['uucp', 10, '/var/spool/uucp', NOLOGIN],
    ['proxy', 13, '/bin', NOLOGIN],
    ['www-data', 33, '/var/www', NOLOGIN],
    ['backup', 34, '/var/backups', NOLOGIN],
    ['list', 38, '/var/list', NOLOGIN],
    ['irc', 39, '/run/ircd', NOLOGIN],
    ['_apt', 42, '/nonexistent', NOLOGIN],
    ['nobody', 65534, '/nonexistent', NOLOGIN],
  ],
  ubuntu: [
    ['root', 0, '/root', '/bin/bash'],
    ['daemon', 1, '/usr/sbin', NOLOGIN],
    ['bin', 2, '/bin', NOLOGIN],
    ['sys', 3, '/dev', NOLOGIN],
    ['sync', 4, '/bin', '/bin/sync'],
    ['mail', 8, '/var/mail', NOLOGIN],
    ['www-data', 33, '/var/www', NOLOGIN],
    ['_apt', 42, '/nonexistent', NOLOGIN],
    ['ubuntu', 1000, '/home/ubuntu', '/bin/bash'],
    ['nobody', 65534, '/nonexistent', NOLOGIN],
  ],
  redhat: [
    ['root', 0, '/root', '/bin/bash'],
    ['bin', 1, '/bin', '/sbin/nologin'],
    ['daemon', 2, '/sbin', '/sbin/nologin'],
    ['mail', 8, '/var/spool/mail', '/sbin/nologin'],
    ['operator', 11, '/root', '/sbin/nologin'],
    ['nobody', 65534, '/', '/sbin/nologin'],
  ],
  distroless: [
    ['root', 0, '/root', '/sbin/nologin'],
    ['nobody', 65534, '/nonexistent', '/sbin/nologin'],
    ['nonroot', 65532, '/home/nonroot', '/sbin/nologin'],
  ],
  scratch: [],
};
export const accountsOf = (base: Base): readonly Account[] => ACCOUNTS[base];

const OS_RELEASE: Readonly<Partial<Record<Base, string>>> = {
  alpine:
    'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.22.2\nPRETTY_NAME="Alpine Linux v3.22"\nHOME_URL="https://alpinelinux.org/"\nBUG_REPORT_URL="https://gitlab.alpinelinux.org/alpine/aports/-/issues"\n',
  debian:
    'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nNAME="Debian GNU/Linux"\nVERSION_ID="13"\nVERSION="13 (trixie)"\nVERSION_CODENAME=trixie\nDEBIAN_VERSION_FULL=13.1\nID=debian\nHOME_URL="https://www.debian.org/"\nSUPPORT_URL="https://www.debian.org/support"\nBUG_REPORT_URL="https://bugs.debian.org/"\n',
  ubuntu:
    'PRETTY_NAME="Ubuntu 24.04.3 LTS"\nNAME="Ubuntu"\nVERSION_ID="24.04"\nVERSION="24.04.3 LTS (Noble Numbat)"\nVERSION_CODENAME=noble\nID=ubuntu\nID_LIKE=debian\nHOME_URL="https://www.ubuntu.com/"\nSUPPORT_URL="https://help.ubuntu.com/"\nBUG_REPORT_URL="https://bugs.launchpad.net/ubuntu/"\nUBUNTU_CODENAME=noble\nLOGO=ubuntu-logo\n',
  redhat:
    'NAME="Oracle Linux Server"\nVERSION="9.6"\nID="ol"\nID_LIKE="fedora"\nVARIANT="Server"\nVERSION_ID="9.6"\nPLATFORM_ID="platform:el9"\nPRETTY_NAME="Oracle Linux Server 9.6"\n',
  distroless:
    'PRETTY_NAME="Distroless"\nNAME="Debian GNU/Linux"\nID="debian"\nVERSION_ID="12"\nVERSION="Debian GNU/Linux 12 (bookworm)"\nHOME_URL="https://github.com/GoogleContainerTools/distroless"\n',
};

const tmp = folder([], { mode: 0o1777 });
const root = folder([], { mode: 0o700 });

function programs(names: readonly string[], where: string): Record<string, Node> {
  return Object.fromEntries(names.map((name) => [`${where}/${name}`, native(name)]));
}

/** Directories that every distribution has. */
const FOLDERS = words('dev etc home media mnt opt proc run srv sys usr var var/log');
const folders = (): Record<string, Node> => Object.fromEntries(FOLDERS.map((path) => [path, folder()]));

/** A distribution's files, without its accounts. */
export function baseFiles(base: Base, packages: readonly Package[]): Record<string, Node> {
  const added = packages.flatMap((name): readonly string[] => PACKAGES[name]);
  const release = OS_RELEASE[base];
  const etc: Record<string, Node> = release === undefined ? {} : { 'etc/os-release': file(release) };
  switch (base) {
    case 'scratch':
      return {};
    case 'distroless':
      return { ...folders(), ...etc, tmp, root, 'home/nonroot': folder([], { uid: 65532, gid: 65532, mode: 0o700 }) };
    case 'busybox':
      return {
        ...programs([...APPLETS, ...BUSYBOX_ONLY, ...added, 'busybox', 'getconf', 'getent'], 'bin'),
        home: folder([], { uid: 65534, gid: 65534 }),
        'usr/bin/env': link('../../bin/env'),
        'usr/sbin': folder(),
        'var/spool/mail': folder(),
        'var/www': folder([], { uid: 33, gid: 33 }),
        etc: folder(),
        lib: folder(),
        tmp,
        root,
      };
    case 'alpine':
      return {
        ...folders(),
        ...etc,
        'bin/busybox': native('busybox'),
        ...Object.fromEntries(APPLETS.map((name) => [`bin/${name}`, link('/bin/busybox')])),
        ...programs([...ALPINE_ONLY, ...added.filter((name) => name !== 'bash')], 'usr/bin'),
        ...programs(
          added.filter((name) => name === 'bash'),
          'bin',
        ),
        'etc/alpine-release': file('3.22.2\n'),
        sbin: folder(),
        lib: folder(),
        'usr/sbin': folder(),
        'usr/local/bin': folder(),
        'var/run': link('../run'),
        'var/cache/apk': folder(),
        tmp,
        root,
      };
    default: {
      const names = base === 'redhat' ? REDHAT : base === 'ubuntu' ? [...DEBIAN, ...PROCPS] : DEBIAN;
      // `kill` outside of the shell is procps'
      const own = base === 'debian' && !packages.includes('procps') ? names.filter((name) => name !== 'kill') : names;
      return {
        ...folders(),
        ...etc,
        ...(base === 'redhat' ? {} : { 'etc/debian_version': file(base === 'ubuntu' ? 'trixie/sid\n' : '13.1\n') }),
        ...programs([...own, ...added], 'usr/bin'),
        bin: link('usr/bin'),
        sbin: link('usr/sbin'),
        lib: link('usr/lib'),
        'usr/sbin': folder(),
        'usr/lib': folder(),
        'usr/local/bin': folder(),
        'var/run': link('/run'),
        'var/cache': folder(),
        'var/tmp': tmp,
        tmp,
        root,
      };
    }
  }
}
