# Calls that Node cannot make, on one file: fallocate, copy_file_range, lseek with SEEK_DATA, and reading and writing
# through MAP_SHARED. One command a line on standard input; the answer is "ok N" and N bytes (mread), or "ok RESULT", or "no ERRNO".
use strict; use warnings;
my ($path) = @ARGV;
my $arm = `uname -m` =~ /aarch64/;
my %n = $arm ? (read => 63, write => 64, mmap => 222, munmap => 215, msync => 227, fallocate => 47, copy => 285)
             : (read => 0, write => 1, mmap => 9, munmap => 11, msync => 26, fallocate => 285, copy => 326);
open(my $file, '+<', $path) or die "open: $!";
binmode STDOUT; $| = 1;
pipe(my $out, my $in) or die "pipe: $!";
my $fd = fileno $file;
# Like programs, it asks for the size before it copies or maps: what another host has made longer can be reached once the kernel knows.
sub mapped { my ($at, $length) = @_; stat $file; return syscall($n{mmap}, 0, $at + $length, 3, 1, $fd, 0); }
while (my $line = <STDIN>) {
  my ($what, @args) = split ' ', $line;
  my $result;
  if ($what eq 'allocate') { $result = syscall($n{fallocate}, $fd, map { $_ + 0 } @args); }
  elsif ($what eq 'seek') { my $found = sysseek($file, $args[0], $args[1]); $result = defined $found ? $found + 0 : -1; }
  elsif ($what eq 'copy') {
    stat $file;
    my ($from, $to) = (pack('q', $args[0]), pack('q', $args[1]));
    $result = syscall($n{copy}, $fd, $from, $fd, $to, $args[2] + 0, 0);
  } elsif ($what eq 'mread' or $what eq 'mwrite') {
    my ($at, $length, $byte) = map { $_ + 0 } @args;
    my $address = mapped($at, $length);
    $result = $address;
    if ($address != -1) {
      if ($what eq 'mread') {
        print "ok $length\n";
        for (my $done = 0; $done < $length;) {
          my $some = syscall($n{write}, 1, $address + $at + $done, $length - $done);
          die "mapped memory: $!" if $some <= 0;
          $done += $some;
        }
      } else {
        for (my $done = 0; $done < $length;) {
          my $some = $length - $done < 4096 ? $length - $done : 4096;
          syswrite($in, chr($byte) x $some) == $some or die "pipe: $!";
          syscall($n{read}, fileno $out, $address + $at + $done, $some) == $some or die "mapped memory: $!";
          $done += $some;
        }
        $result = syscall($n{msync}, $address, $at + $length, 4);
      }
      my $failed = $! + 0;
      syscall($n{munmap}, $address, $at + $length);
      $! = $failed;
      next if $what eq 'mread';
    }
  } else { die "what is $what"; }
  print $result == -1 ? 'no ' . ($! + 0) : "ok $result", "\n";
}
