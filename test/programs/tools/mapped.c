/* Mappings of one file by several processes, beside read(2), write(2) and ftruncate(2). Prints what it finds. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { pages = 64, page = 4096, rounds = 20000, processes = 3 };

static sigjmp_buf beyond;

static void on_bus(int signal) {
  (void)signal;
  siglongjmp(beyond, 1);
}

static void check(int ok, const char *what) {
  if (ok) return;
  fprintf(stderr, "%s: %s\n", what, strerror(errno));
  exit(1);
}

static char *map(int fd, int how) {
  char *at = mmap(NULL, pages * page, PROT_READ | PROT_WRITE, how, fd, 0);
  check(at != MAP_FAILED, "mmap");
  return at;
}

int main(int argc, char **argv) {
  if (argc == 3) {
    close(open(argv[2], O_CREAT | O_WRONLY, 0644));
    pause();
  }
  int fd = open(argv[1], O_RDWR | O_CREAT | O_TRUNC, 0644);
  check(fd >= 0, "open");
  check(ftruncate(fd, pages * page) == 0, "ftruncate");
  char *shared = map(fd, MAP_SHARED);

  /* Counters that all processes raise, each by its own mapping and descriptor. */
  for (int n = 0; n < processes; n++) {
    if (fork() == 0) {
      int mine = open(argv[1], O_RDWR);
      char *at = map(mine, MAP_SHARED);
      for (int round = 0; round < rounds; round++) atomic_fetch_add((atomic_int *)(at + (round % pages) * page), 1);
      check(msync(at, pages * page, n == 0 ? MS_SYNC : MS_ASYNC) == 0, "msync");
      _exit(0);
    }
  }
  for (int n = 0, status; n < processes; n++) check(wait(&status) > 0 && status == 0, "child");
  long sum = 0, by_read = 0;
  for (int n = 0; n < pages; n++) {
    int value;
    check(pread(fd, &value, sizeof value, n * page) == sizeof value, "pread");
    by_read += value;
    sum += *(int *)(shared + n * page);
  }
  printf("counted %ld, read %ld\n", sum, by_read);

  /* write(2) shows in the mapping, the mapping in read(2), a private one in neither. */
  check(pwrite(fd, "written", 7, page + 100) == 7, "pwrite");
  printf("mapping shows %.7s\n", shared + page + 100);
  memcpy(shared + page + 200, "mapped!", 7);
  char text[8] = "";
  check(pread(fd, text, 7, page + 200) == 7, "pread");
  printf("read shows %s\n", text);
  char *own = map(fd, MAP_PRIVATE);
  memcpy(own + page + 100, "private", 7);
  check(pread(fd, text, 7, page + 100) == 7, "pread");
  printf("still %s, and mine %.7s\n", text, own + page + 100);

  /* Across page borders by a direct writer too. */
  char *block = aligned_alloc(page, page);
  memset(block, 'd', page);
  int direct = open(argv[1], O_RDWR | O_DIRECT);
  check(direct >= 0 && pwrite(direct, block, page, 2 * page) == page, "direct");
  printf("direct shows %c\n", shared[2 * page + 5]);

  /* Beyond the end: SIGBUS; within the last page: zeros that nobody else gets. */
  check(ftruncate(fd, 3 * page + 10) == 0, "ftruncate");
  signal(SIGBUS, on_bus);
  if (sigsetjmp(beyond, 1) == 0) printf("beyond the end: %d\n", *(volatile char *)(shared + 5 * page));
  else printf("beyond the end: SIGBUS\n");
  shared[3 * page + 20] = 'x';
  check(ftruncate(fd, 4 * page) == 0, "ftruncate");
  check(pread(fd, text, 1, 3 * page + 20) == 1, "pread");
  printf("behind the old end: %d\n", text[0]);
  shared[3 * page + 30] = 'y';
  struct stat before, after;
  check(fstat(fd, &before) == 0, "fstat");
  usleep(20000);
  shared[0]++;
  check(msync(shared, page, MS_SYNC) == 0, "msync");
  check(fstat(fd, &after) == 0, "fstat");
  int moved = after.st_mtim.tv_sec > before.st_mtim.tv_sec || after.st_mtim.tv_nsec != before.st_mtim.tv_nsec;
  printf("mtime moves: %d\n", moved);

  /* Open, unlinked and mapped. */
  int gone = open("gone", O_RDWR | O_CREAT | O_TRUNC, 0600);
  check(gone >= 0 && ftruncate(gone, pages * page) == 0 && unlink("gone") == 0, "gone");
  char *last = map(gone, MAP_SHARED);
  close(gone);
  memset(last, 'g', pages * page);
  check(msync(last, pages * page, MS_SYNC) == 0, "msync");
  printf("gone: %c\n", last[page * 9]);
  check(munmap(last, pages * page) == 0, "munmap");
  int readonly = open(argv[1], O_RDONLY);
  printf("shared for writing by a reader: %s\n",
         mmap(NULL, page, PROT_WRITE, MAP_SHARED, readonly, 0) == MAP_FAILED && errno == EACCES ? "EACCES" : "allowed");
  printf("%lld bytes\n", (long long)after.st_size);
  return 0;
}
