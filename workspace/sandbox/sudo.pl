#!/usr/bin/perl
# sudo of a Drydock machine. Nobody in a sandbox can become another user, so this asks the server to start the command as the machine's root
# (the same person to the host, with root's number and home inside), and lends it this terminal.
use strict;
use warnings;
use Socket;
use POSIX ();

my $usage = "usage: sudo -h | -K | -k | -V\nusage: sudo -v [-ABkNnS] [-g group] [-h host] [-p prompt] [-u user]\n"
  . "usage: sudo -l [-ABkNnS] [-g group] [-h host] [-p prompt] [-U user] [-u user] [command [arg ...]]\n"
  . "usage: sudo [-ABbEHkNnPS] [-r role] [-t type] [-C num] [-D directory] [-g group] [-h host] [-p prompt] [-R directory] [-T timeout] [-u user] [VAR=value] [-i | -s] [command [arg ...]]\n"
  . "usage: sudo -e [-ABkNnS] [-r role] [-t type] [-C num] [-D directory] [-g group] [-h host] [-p prompt] [-R directory] [-T timeout] [-u user] file ...\n";

my ($shell, $user, $keep) = ('', 'root', 0);
my %given;
while (@ARGV) {
  my $word = $ARGV[0];
  if ($word eq '--') { shift; last }
  if ($word =~ /^([A-Za-z_]\w*)=(.*)$/s) { $given{$1} = $2; shift; next }
  last unless $word =~ /^-./;
  shift;
  if ($word =~ /^--(.*)/) {
    my $name = $1;
    if ($name =~ /^user(?:=(.*))?$/) { $user = $1 // shift // ''; next }
    my %short = (login => 'i', shell => 's', list => 'l', validate => 'v', 'preserve-env' => 'E', 'reset-timestamp' => 'k',
      'remove-timestamp' => 'K', 'non-interactive' => 'n', 'set-home' => 'H', stdin => 'S', version => 'V', help => 'h', edit => 'e');
    $name =~ s/=.*//;
    unless ($short{$name}) { print STDERR "sudo: unrecognized option '$word'\n", $usage; exit 1 }
    $word = "-$short{$name}";
  }
  my @letters = split //, substr $word, 1;
  while (defined(my $letter = shift @letters)) {
    if ($letter =~ /[ugpCDhRTrtU]/ && !($letter eq 'h' && !@letters && !@ARGV)) {
      my $value = @letters ? join('', splice @letters) : shift @ARGV;
      unless (defined $value) { print STDERR "sudo: option requires an argument -- '$letter'\n", $usage; exit 1 }
      $user = $value if $letter eq 'u';
    }
    elsif ($letter eq 'i' || $letter eq 's') { $shell = $letter }
    elsif ($letter eq 'E') { $keep = 1 }
    elsif ($letter =~ /[kKv]/) { exit 0 unless @ARGV }
    elsif ($letter eq 'l') {
      my $host = POSIX::uname() && (POSIX::uname())[1];
      print "User candidate may run the following commands on $host:\n    (ALL) NOPASSWD: ALL\n";
      exit 0;
    }
    elsif ($letter eq 'V') { print "Sudo version 1.9.13p3\n"; exit 0 }
    elsif ($letter eq 'h') { print "sudo - execute a command as another user\n\n", $usage; exit 0 }
    elsif ($letter eq 'e') { $shell = 'e' }
    elsif ($letter !~ /[ABbHNnPS]/) { print STDERR "sudo: invalid option -- '$letter'\n", $usage; exit 1 }
  }
}
@ARGV = ($ENV{EDITOR} || 'vi', @ARGV), $shell = '' if $shell eq 'e';
# Becoming root is done; `su` would want rights that nobody here has.
if (!$shell && @ARGV && $ARGV[0] eq 'su') {
  my @rest = grep { $_ ne 'root' } @ARGV[1 .. $#ARGV];
  my $login = @rest && $rest[0] =~ /^(-|-l|--login)$/ ? shift @rest : '';
  if (!@rest || ($rest[0] eq '-c' && @rest == 2)) {
    $shell = $login ? 'i' : 's';
    @ARGV = @rest ? ('/bin/sh', @rest) : ();
  }
}
if (!$shell && !@ARGV) { print STDERR $usage; exit 1 }
$user = { 0 => 'root', $< => 'candidate' }->{ substr $user, 1 } // $user if $user =~ /^#\d+$/;
if ($user ne 'root' && $user ne 'candidate') {
  print STDERR "sudo: unknown user $user\nsudo: error initializing audit plugin sudoers_audit\n";
  exit 1;
}
my @command = @ARGV;
@command = ('/bin/bash', ($shell eq 'i' ? '--login' : ()), (@command ? ('-c', join ' ', map { s/([^\w\-.\/:=,])/\\$1/gr } @command) : ()))
  if $shell;
if ($user eq 'candidate') {
  $ENV{$_} = $given{$_} for keys %given;
  exec { $command[0] } @command or do { print STDERR "sudo: $command[0]: command not found\n"; exit 1 };
}

my $server;
socket($server, PF_INET, SOCK_STREAM, 0) && connect($server, pack_sockaddr_in(@PORT@, inet_aton('@ADDRESS@')))
  or do { print STDERR "sudo: this machine has no root: $!\n"; exit 1 };
my $tty = -t STDIN && -t STDOUT;
sub size { my $packed = pack 'S4', 24, 80, 0, 0; ioctl STDOUT, 0x5413, $packed; return (unpack 'S4', $packed)[1, 0] }
sub frame { my ($kind, $body) = @_; return $kind . pack('N', length $body) . $body }

my %environment = (TERM => $ENV{TERM} // 'dumb', SUDO_USER => 'candidate', SUDO_UID => $<, SUDO_GID => $( + 0,
  SUDO_COMMAND => join(' ', @command));
for my $name ($keep ? grep { !/^(HOME|USER|LOGNAME|PWD|OLDPWD|SHLVL|_|PATH|SHELL|SUDO_\w+)$/ } keys %ENV : qw(LANG LC_ALL COLORTERM)) {
  $environment{$name} = $ENV{$name} if defined $ENV{$name};
}
%environment = (%environment, %given);
my ($columns, $rows) = size();
my $folder = $shell eq 'i' ? '/root' : POSIX::getcwd() // '/';
my $out = frame('H', join "\0", ($tty ? 'tty' : 'plain'), $columns, $rows, $folder, scalar(keys %environment),
  (map { "$_=$environment{$_}" } keys %environment), @command);

my ($saved, $resized);
if ($tty) {
  $saved = POSIX::Termios->new;
  $saved->getattr(0);
  my $raw = POSIX::Termios->new;
  $raw->getattr(0);
  $raw->setiflag($raw->getiflag & ~(POSIX::BRKINT | POSIX::ICRNL | POSIX::INPCK | POSIX::ISTRIP | POSIX::IXON));
  $raw->setoflag($raw->getoflag & ~POSIX::OPOST);
  $raw->setlflag($raw->getlflag & ~(POSIX::ECHO | POSIX::ICANON | POSIX::IEXTEN | POSIX::ISIG));
  $raw->setcc(POSIX::VMIN, 1);
  $raw->setcc(POSIX::VTIME, 0);
  $raw->setattr(0, POSIX::TCSANOW);
  $SIG{WINCH} = sub { $resized = 1 };
}
sub leave { $saved->setattr(0, POSIX::TCSANOW) if $saved; exit $_[0] }
$SIG{PIPE} = 'IGNORE';
unless ($tty) { for my $name (qw(INT TERM HUP)) { $SIG{$name} = sub { leave(130) } } }

my $flags = fcntl $server, 3, 0;
fcntl $server, 4, $flags | POSIX::O_NONBLOCK;
my ($in, $reading) = ('', 1);
while (1) {
  if ($resized) { $resized = 0; $out .= frame('R', join "\0", size()) }
  my ($readable, $writable) = ('', '');
  vec($readable, fileno($server), 1) = 1;
  # Not more than the other end takes, or both would wait for each other.
  vec($readable, 0, 1) = 1 if $reading && length $out < 65536;
  vec($writable, fileno($server), 1) = 1 if length $out;
  my $ready = select $readable, $writable, undef, undef;
  next if $ready < 0;
  if (vec $writable, fileno($server), 1) {
    my $written = syswrite $server, $out;
    substr($out, 0, $written) = '' if $written;
  }
  if ($reading && vec $readable, 0, 1) {
    my $read = sysread STDIN, my $typed, 16384;
    if ($read) { $out .= frame('I', $typed) }
    elsif (defined $read || !$!{EINTR}) { $reading = 0; $out .= frame('E', '') }
  }
  next unless vec $readable, fileno($server), 1;
  my $read = sysread $server, $in, 65536, length $in;
  next if !defined $read && ($!{EAGAIN} || $!{EINTR});
  leave(1) unless $read;
  while (length $in >= 5 && length $in >= 5 + (my $length = unpack 'N', substr $in, 1, 4)) {
    my ($kind, $body) = (substr($in, 0, 1), substr $in, 5, $length);
    substr($in, 0, 5 + $length) = '';
    if ($kind eq 'X') { leave($body) }
    my $to = $kind eq '2' ? *STDERR : *STDOUT;
    while (length $body) {
      my $written = syswrite $to, $body;
      if (!defined $written) { next if $!{EINTR} || $!{EAGAIN}; leave(141) }
      substr($body, 0, $written) = '';
    }
  }
}
