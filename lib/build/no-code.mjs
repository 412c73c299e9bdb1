// The Worker of a project that has static assets and no code; nothing calls it.
export default {};
