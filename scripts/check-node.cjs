// Runs before anything else and in ES5, so that an old Node prints a sentence and no syntax error.
var wanted = [20, 19]
var have = process.versions.node.split('.').map(Number)
if (have[0] < wanted[0] || (have[0] === wanted[0] && have[1] < wanted[1])) {
  process.stderr.write(
    'Holdpoint needs Node ' +
      wanted.join('.') +
      ' or newer; this is ' +
      process.versions.node +
      '.\n' +
      'Install a newer one, for example:\n' +
      '  nvm install 22        (https://github.com/nvm-sh/nvm)\n' +
      '  fnm install 22        (https://github.com/Schniz/fnm)\n' +
      '  or a package from https://nodejs.org\n',
  )
  process.exit(2)
}
