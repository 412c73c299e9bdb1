// `import 'holdfast/globals'`: this program gets the globals of Workers in place of Node's. Exports nothing.

/// <reference path="./globals.d.ts" />

export {};
