# about: one file under as many names as there may be, in two directories, and without them again
# limit: 900

mkdir one two
echo data > file
perl -e '
  my $names = 1;
  $names++ while link "file", ($names % 2 ? "one" : "two") . "/$names";
  printf "%d names, then %s\n", $names, $!{EMLINK} ? "EMLINK" : $!;
  printf "nlink %d\n", (stat "file")[3];
'
stat -c '%h %s' one/1 two/2
refused ln file another
mv two/2 moved
rm one/1
ln file another
stat -c '%h' file
refused ln file third
rm -r one
stat -c '%h' file
rm -r two
stat -c '%h %n' file moved another
cat moved
