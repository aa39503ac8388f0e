/**
 * Forbids circular imports between files and between folders. Imports of types count. `npm run imports` checks it.
 * @type {import('dependency-cruiser').IConfiguration}
 */
module.exports = {
  forbidden: [
    {
      name: 'no-circle-of-files',
      comment: 'The generated client has a circle of its own.',
      severity: 'error',
      from: { pathNot: '^src/api/generated/' },
      to: { circular: true },
    },
    {
      name: 'no-circle-of-folders',
      severity: 'error',
      scope: 'folder',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-import-of-the-shell',
      comment: 'main.ts and shell.ts import the folders. The rule above does not compare a folder with its own subfolders.',
      severity: 'error',
      from: { path: '^src/.+/' },
      to: { path: '^src/[^/]+$' },
    },
    {
      name: 'no-missing-file',
      comment: 'An unresolved import would hide a circle. `npm run generate` writes src/api/generated.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
  },
};
