export async function globalUniqueness(env) {
// <guide>
// In a Worker, get an ID from a name and obtain a stub to send messages:
const id = env.MY_DO_NAMESPACE.idFromName("room-A");
const doStub = env.MY_DO_NAMESPACE.get(id);
// Now you can invoke methods on the Durable Object via RPC:
const result = await doStub.sayHello();
// </guide>
  return { id: id.toString(), result };
}
