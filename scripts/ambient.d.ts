// Types for `tsc --checkJs` of dependencies that come without any.

declare module 'node-gyp-build' {
  /** Loads the addon of the package in `folder`. */
  function load(folder: string): any;
  export = load;
}
