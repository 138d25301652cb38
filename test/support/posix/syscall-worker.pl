# Carries out system calls as told, one line each, as whatever user the line names. Must be started as root. Perl, because its
# `syscall` reaches the calls that Node has no function for, and because it is part of every Debian.
#
#   request   UID GID GROUPS UMASK  KEEP  CALL  ARGUMENT...
#     GROUPS    numbers joined by commas, or -
#     KEEP      number of a slot that keeps the result as a descriptor, or -
#     CALL      number of a system call; `look` for attributes, `list` for the names in a directory, `close` for what a slot keeps
#     ARGUMENT  =HEX  bytes (a NUL follows)   #N  room for N bytes   @K  what slot K keeps   else a number
#   reply     RESULT ERRNO TICK HEX...   one HEX for each argument that is room: as many bytes as RESULT says
#     TICK      the clock that the kernel dates inodes with, as it was just before the call
#
# An empty line ends a batch and is answered by one.
use strict;
use warnings;

my %number = (setgroups => 116, setresuid => 117, setresgid => 119, umask => 95, clock_gettime => 228);
my $coarse_clock = 5;
# A write to a FIFO that nobody reads is answered like any other call.
$SIG{PIPE} = 'IGNORE';
my (%slots, $now);
$now = '';

sub become {
    my ($uid, $gid, $groups, $umask) = @_;
    my $who = "$uid $gid $groups $umask";
    return if $who eq $now;
    syscall($number{setresuid}, 0, 0, 0) == 0 or die "setresuid: $!\n";
    my @groups = $groups eq '-' ? () : split /,/, $groups;
    my $list = pack 'L*', @groups;
    syscall($number{setgroups}, scalar @groups, $list) == 0 or die "setgroups: $!\n";
    syscall($number{setresgid}, $gid + 0, $gid + 0, $gid + 0) == 0 or die "setresgid: $!\n";
    syscall($number{umask}, $umask + 0);
    # The saved user stays root: the way back.
    syscall($number{setresuid}, $uid + 0, $uid + 0, 0) == 0 or die "setresuid: $!\n";
    $now = $who;
}

sub tick {
    my $room = "\0" x 16;
    syscall($number{clock_gettime}, $coarse_clock, $room) == 0 or die "clock_gettime: $!\n";
    return sprintf '%d.%09d', unpack 'q q', $room;
}

sub list {
    my ($path) = @_;
    opendir(my $directory, $path) or return (-1, $! + 0, '');
    my @names = sort readdir $directory;
    closedir $directory;
    return (scalar @names, 0, unpack 'H*', join '/', @names);
}

# Inode, mode, links, owner, group, device, size and times (seconds.nanoseconds) of a path itself, or of a descriptor.
sub look {
    my ($path) = @_;
    my ($room, $empty) = ("\0" x 256, "\0");
    $! = 0;
    my $result = $path =~ /\0$/ ? syscall(332, -100, $path, 0x100, 0x7ff, $room) : syscall(332, $path, $empty, 0x1000, 0x7ff, $room);
    return ($result, $! + 0) if $result < 0;
    my ($links, $uid, $gid, $mode, $inode, $size, @times) = unpack 'x16 L L L S x2 Q Q x16 (q L x4)4', $room;
    my ($major, $minor) = unpack 'x128 L L', $room;
    my $times = join ' ', map { sprintf '%d.%09d', $times[2 * $_], $times[2 * $_ + 1] } (0, 3, 2);
    return (0, 0, unpack 'H*', "$inode $mode $links $uid $gid $major:$minor $size $times");
}

sub shut {
    my ($slot) = @_;
    my $kept = delete $slots{$slot};
    return (-1, 9) unless defined $kept && $kept >= 0;
    $! = 0;
    my $result = syscall(3, $kept);
    return ($result, $result < 0 ? $! + 0 : 0);
}

while (my $line = <STDIN>) {
    chomp $line;
    # An empty line ends a batch: what was answered goes out.
    if ($line eq '') { print "\n"; $| = 1; $| = 0; next }
    my ($uid, $gid, $groups, $umask, $keep, $call, @given) = split / /, $line;
    become($uid, $gid, $groups, $umask);
    my (@arguments, @rooms);
    for my $given (@given) {
        my $kind = substr $given, 0, 1;
        my $value;
        if ($kind eq '=') { $value = pack('H*', substr $given, 1) . "\0" }
        elsif ($kind eq '#') { $value = "\0" x (substr($given, 1) + 1); }
        elsif ($kind eq '@') { $value = $slots{ substr $given, 1 } // -1; $value += 0 }
        else { $value = $given + 0 }
        push @arguments, $value;
        push @rooms, $#arguments if $kind eq '#';
    }
    my $tick = tick();
    my ($result, $errno, @filled);
    if ($call eq 'look') { ($result, $errno, @filled) = look($arguments[0]) }
    elsif ($call eq 'list') { ($result, $errno, @filled) = list(substr $arguments[0], 0, -1) }
    elsif ($call eq 'close') { ($result, $errno) = shut($given[0]) }
    else {
        $! = 0;
        $result = syscall($call + 0, @arguments);
        $errno = $result < 0 ? $! + 0 : 0;
        if ($keep ne '-') {
            syscall(3, $slots{$keep}) if defined $slots{$keep} && $slots{$keep} >= 0;
            $slots{$keep} = $result;
        }
        my $length = $result > 0 ? $result : 0;
        @filled = map { unpack 'H*', substr $arguments[$_], 0, $length } @rooms;
    }
    print join(' ', $result, $errno, $tick, @filled), "\n";
}
