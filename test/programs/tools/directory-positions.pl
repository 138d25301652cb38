# Positions in a directory (telldir, seekdir): each leads back to the name that was read there, also after names have come and gone.
# From a position on, every name that was there all the time and comes after it is read once, and none that comes before it.
use strict;
use warnings;

my ($directory) = @ARGV;
mkdir $directory or die "$directory: $!\n";
make("name-$_") for 1 .. 3000;
opendir(my $reader, $directory) or die "$directory: $!\n";
my (@order, @position);
for (;;) {
    my $at = telldir $reader;
    my $name = readdir $reader;
    last unless defined $name;
    push @order, $name;
    push @position, $at;
}
my %seen;
$seen{$_}++ for @order;
die "a name came twice\n" if grep { $_ > 1 } values %seen;
die scalar(@order) . " names\n" if @order != 3002;

for my $at (map { $_ * 733 % @order } 0 .. 499) {
    seekdir $reader, $position[$at];
    my $name = readdir $reader;
    die "position $at: " . ($name // 'the end') . ", and it was $order[$at]\n" if ($name // '') ne $order[$at];
}

my %removed = map { $_ => 1 } grep { /[13579]$/ } @order;
unlink "$directory/$_" or die "$_: $!\n" for keys %removed;
make("later-$_") for 1 .. 700;
for my $at (0, 1, 400, 1500, 2900, 3001) {
    seekdir $reader, $position[$at];
    my %read;
    while (defined(my $name = readdir $reader)) { $read{$name}++ }
    die "from $at on a name came twice\n" if grep { $_ > 1 } values %read;
    my @missing = grep { !$removed{$_} && !$read{$_} } @order[$at .. $#order];
    die "from $at on " . @missing . " are missing: $missing[0]\n" if @missing;
    my @early = grep { $read{$_} } @order[0 .. $at - 1];
    die "from $at on " . @early . " came that are before it: $early[0]\n" if @early;
}
closedir $reader;
print "positions lead to their names\n";

sub make {
    my ($name) = @_;
    open(my $file, '>', "$directory/$name") or die "$name: $!\n";
    close $file;
}
