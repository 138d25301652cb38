// tsc compiles .ts only: the generated .js of the wire protocol is copied beside its compiled neighbours.
import { cpSync, mkdirSync } from 'node:fs';

const root = new URL('..', import.meta.url);
mkdirSync(new URL('dist/common/wire/gen/', root), { recursive: true });
cpSync(new URL('common/wire/gen/protocol.js', root), new URL('dist/common/wire/gen/protocol.js', root));
