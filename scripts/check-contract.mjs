// The contract is clean under buf's STANDARD rules and breaks nothing that proto/contract.binpb
// promised. `node scripts/generate.mjs --contract` renews the promise when a change is meant.
import { join } from 'node:path';
import { main, ROOT, run } from './steps.mjs';

const PROTO = join(ROOT, 'proto');
const BUF = join(ROOT, 'node_modules/@bufbuild/buf/bin/buf');

await main(() => {
  // Run inside proto/: there buf reads the module's own buf.yaml and nothing above it.
  const options = { cwd: PROTO, env: { BUF_CACHE_DIR: join(ROOT, '.cache/buf') } };
  run('node', [BUF, 'lint'], options);
  run('node', [BUF, 'breaking', '--against', 'contract.binpb'], options);
});
