# about: shared and private mappings of several processes, beside read, write and truncation; a program run from there
# packages: gcc libc6-dev
# limit: 120
# differs: behind the old end

gcc -O1 -Wall -o mapped "$TOOLS/mapped.c"
./mapped file
# The program's own file is busy while it runs.
./mapped --wait ready &
running=$!
until_true test -e ready
refused sh -c 'echo x >mapped'
cp mapped next
mv next mapped
kill $running
wait $running || true
./mapped file2
# Whoever maps it sees what others write, and the other way round, when the pages were dropped between.
sha256sum file | cut -d' ' -f1 >sum
sync file
dd if=file of=/dev/null iflag=nocache count=0 status=none
sha256sum file | cut -d' ' -f1 | cmp - sum
printf 'int answer(void) { return 42; }\n' >lib.c
gcc -shared -fPIC -o libanswer.so lib.c
printf 'int answer(void); int main(void) { return answer(); }\n' >main.c
gcc -o main main.c -L. -lanswer -Wl,-rpath,"$PWD"
./main || echo "answer $?"
