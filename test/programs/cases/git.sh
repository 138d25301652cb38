# about: clone, fsck, gc, branches, stash, worktree, rebase, push of a repository with 400 commits
# packages: git
# limit: 240
# faults

# A repository of 400 commits on 3 branches, the same to the byte whenever it is made.
make_repository() {
  git init -q --bare .
  awk 'BEGIN {
    for (n = 1; n <= 400; n++) {
      branch = n % 20 == 7 ? "side" : n % 20 == 13 ? "long/name/of/a/branch" : "main"
      printf "commit refs/heads/%s\nmark :%d\ncommitter A U Thor <a@example.com> %d +0000\ndata 8\nchange %d\n", branch, n, 1700000000 + n * 60, n % 10
      if (last[branch]) printf "from :%d\n", last[branch]; else if (last["main"]) printf "from :%d\n", last["main"]
      last[branch] = n
      for (file = 0; file < 3; file++) {
        path = sprintf("dir%d/sub%d/file%d.txt", (n + file) % 11, n % 5, (n * 7 + file) % 23)
        text = ""
        for (line = 0; line < 20 + n % 50; line++) text = text sprintf("line %d of change %d in file %d\n", line, n, file)
        printf "M 100%s inline %s\ndata %d\n%s\n", n % 9 == 0 ? "755" : "644", path, length(text), text
      }
      if (n % 50 == 0) printf "M 120000 inline link%d\ndata 4\ndir1\n", n
      printf "\n"
    }
  }' | git fast-import --quiet
}

export HOME=$OUTSIDE GIT_AUTHOR_DATE='2024-01-01T00:00:00Z' GIT_COMMITTER_DATE='2024-01-01T00:00:00Z'
git config --global user.name 'A U Thor'
git config --global user.email a@example.com
git config --global init.defaultBranch main
git config --global safe.directory '*'
git config --global advice.detachedHead false
source=$(cached repository make_repository)

git clone -q --branch main "file://$source" clone
cd clone
git fsck --full --strict
git status --porcelain
git rev-parse HEAD
for branch in side long/name/of/a/branch main; do
  git checkout -q "$branch"
  git status --porcelain
  git rev-parse "HEAD^{tree}"
done
# Nothing may look changed by its times or inode numbers, once the index has seen it.
git diff-files --exit-code

for n in $(seq 20); do
  echo "change $n" >"dir1/new$n"
  git add "dir1/new$n"
  git commit -qm "commit $n"
done
echo more >>dir1/new3
git stash -q
git status --porcelain
git stash pop -q
git status --porcelain
git checkout -q -- dir1/new3
git checkout -qb topic HEAD~10
echo topic >topic
git add topic
git commit -qm topic
git rebase -q main
git merge -q --no-ff -s ours -m merge origin/side
git rev-parse 'HEAD^{tree}'
git worktree add -q ../tree side
git -C ../tree status --porcelain
git worktree remove ../tree
git mv dir2 moved
git commit -qm move
git rm -qr dir3
git commit -qm remove
git clean -qfdx
git reset -q --hard HEAD~1
git status --porcelain
git -c gc.autoDetach=false gc -q --prune=now
git fsck --full --strict
git count-objects -v | grep -v size
git log --oneline | wc -l
git init -q --bare ../target.git
git push -q ../target.git topic main
git -C ../target.git fsck --full --strict
git clone -q ../target.git -b topic ../local
git -C ../local rev-parse HEAD
git -C ../local repack -qadf
git -C ../local fsck --full
git archive topic | tar -t | wc -l
