# about: Python's own test suite where it touches files; venv; zip modules
# packages: python3 python3-venv libpython3.11-testsuite
# limit: 900

python=/usr/bin/python3
$python -m venv --without-pip env
env/bin/python -c 'import sys, zipfile; print(sys.prefix != sys.base_prefix)'
$python -m zipfile -c lib.zip /usr/lib/python3.11/json/*.py
$python -m compileall -q -d x env >&2
PYTHONPATH=$PWD/lib.zip $python -c 'import decoder; print(decoder.__file__.endswith("lib.zip/decoder.py"))'
mkdir tmp
export TMPDIR=$PWD/tmp
for suite in test_os test_posix test_posixpath test_shutil test_tempfile test_fileio test_file test_mmap test_fcntl test_mailbox test_zipfile \
  test_tarfile test_dbm test_dbm_gnu test_dbm_ndbm test_dbm_dumb test_shelve test_glob test_pathlib test_fileinput test_stat test_filecmp \
  test_unicode_file test_unicode_file_functions; do
  $python -m test --tempdir "$TMPDIR" "$suite" >"$suite.log" 2>&1 || true
  cat "$suite.log" >&2
  # Which tests failed, and whether the suite went well.
  echo "$suite $(grep -E '^(Result|Tests result):' "$suite.log" | tail -1)"
  grep -E '^(FAIL|ERROR):' "$suite.log" | sort || true
done
