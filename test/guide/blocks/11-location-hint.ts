export function stubInEasternNorthAmerica(env, id) {
// <guide>
// Hint that the object should run in Eastern North America:
const stub = env.MY_DO_NAMESPACE.get(id, { locationHint: "enam" });
// </guide>
  return stub;
}
