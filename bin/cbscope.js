#!/usr/bin/env -S node --
// Starts cbscope. Old syntax on purpose: a Node that is too old must still be able to read this file and say what is wrong.
// The `--` above keeps Node's hands off our `--env-file`: Node looks for its own flag of that name behind the script, too.

var NEEDED = [22, 19];

function isTooOld(version) {
  var parts = version.split('.');
  var major = Number(parts[0]);
  var minor = Number(parts[1]);
  return major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1]);
}

// Compiled code is kept beside the program, by its owner alone: whoever may write there may write the program itself.
function folderForCode(fs, program) {
  var owner = fs.statSync(program).uid;
  var folder = program + '.code';
  var found;
  if (process.geteuid && process.geteuid() !== owner) return null;
  fs.mkdirSync(folder, { recursive: true, mode: 448 });
  found = fs.lstatSync(folder);
  if (!found.isDirectory() || found.uid !== owner) return null;
  return process.geteuid && (found.mode & 18) !== 0 ? null : folder;
}

// Without it a start takes longer, and nothing else changes: what goes wrong here is not told.
function keepCompiledCode() {
  var builtin = process.getBuiltinModule;
  var folder;
  if (process.env.NODE_COMPILE_CACHE) return;
  try {
    folder = folderForCode(builtin('node:fs'), builtin('node:url').fileURLToPath(new URL('../dist/', import.meta.url)));
    if (folder === null) return;
    builtin('node:module').enableCompileCache(folder);
    // For the threads.
    process.env.NODE_COMPILE_CACHE = folder;
  } catch {
    return;
  }
}

if (isTooOld(process.versions.node)) {
  process.stderr.write(
    'cbscope: this is Node ' +
      process.versions.node +
      ', but cbscope needs ' +
      NEEDED.join('.') +
      ' or newer; type `npx -p node@24 -p cbscope cbscope`, or in a clone `npm run demo` (it brings its own Node)\n',
  );
  process.exitCode = 2;
} else {
  if (!process.env.NODE_ENV) process.env.NODE_ENV = 'production';
  keepCompiledCode();
  import('../dist/main.js').then(
    (program) => program.main(process.argv.slice(2)),
    (error) => {
      var missing = error && error.code === 'ERR_MODULE_NOT_FOUND';
      process.stderr.write(
        missing ? 'cbscope: dist/ is not built yet; type `npm run build`\n' : String(error && error.stack) + '\n',
      );
      process.exitCode = missing ? 2 : 1;
    },
  );
}
