# about: npm ci of a project with ava, fast-check and TypeScript, its compilation and test run
# limit: 400

# What the project depends on, settled once; afterwards npm finds all of it in its cache.
make_project() {
  cat >package.json <<'END'
{
  "name": "project", "version": "1.0.0", "type": "module", "private": true,
  "scripts": { "build": "tsc", "test": "ava", "pretest": "npm run build" },
  "devDependencies": { "ava": "7.0.0", "fast-check": "4.10.2", "typescript": "6.0.3", "@types/node": "20.19.43" }
}
END
  npm install --package-lock-only --cache "$CACHE/npm-cache" --no-audit --no-fund
}

project=$(cached npm-project make_project)
cp "$project"/package*.json .
mkdir src
cat >tsconfig.json <<'END'
{ "compilerOptions": { "module": "nodenext", "target": "es2023", "strict": true, "rootDir": "src", "outDir": "dist", "types": ["node"] } }
END
cat >src/sum.ts <<'END'
export const sum = (numbers: readonly number[]): number => numbers.reduce((so, number) => so + number, 0);
END
cat >src/sum.test.ts <<'END'
import { mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { sum } from './sum.js';
test('the order of numbers is of no matter', (t) => {
  fc.assert(fc.property(fc.array(fc.integer()), (numbers) => sum(numbers) === sum([...numbers].reverse())));
  t.pass();
});
test('files', (t) => {
  const dir = mkdtempSync(join(process.cwd(), 'test-'));
  for (let n = 0; n < 100; n++) {
    writeFileSync(join(dir, 'new'), String(n));
    renameSync(join(dir, 'new'), join(dir, 'file'));
    t.is(readFileSync(join(dir, 'file'), 'utf8'), String(n));
  }
});
END
npm ci --cache "$CACHE/npm-cache" --prefer-offline --no-audit --no-fund --ignore-scripts >&2
npm ls --all --parseable | sed "s|^$PWD||" | sort
CI=true npm test >test.log || { cat test.log >&2; fail 'npm test'; }
grep -E 'tests? passed' test.log
find node_modules -path node_modules/.cache -prune -o -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum
find node_modules -type l -printf '%p %l\n' | sort
# Again: the old packages are removed first.
npm ci --cache "$CACHE/npm-cache" --prefer-offline --no-audit --no-fund --ignore-scripts >&2
find node_modules | wc -l
rm -r node_modules
