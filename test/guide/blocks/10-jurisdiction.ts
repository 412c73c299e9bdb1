export function europeanId(env) {
// <guide>
// Create an ID that is restricted to the European Union:
const euId = env.MY_DO_NAMESPACE.newUniqueId({ jurisdiction: "eu" });
// </guide>
  return euId;
}
