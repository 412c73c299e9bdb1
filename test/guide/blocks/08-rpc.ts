import { DurableObject } from "cloudflare:workers";

// <guide>
// Durable Object class with an RPC method:
export class Greeter extends DurableObject {
  async sayHello(name: string): Promise<string> {
    return `Hello, ${name}!`;
  }
}

// </guide>
export async function greetAlice(env) {
// <guide>
// In a Worker:
const id = env.GREETER.idFromName("alice");
const stub = env.GREETER.get(id);
const greeting = await stub.sayHello("Alice");
console.log(greeting); // "Hello, Alice!"
// </guide>
  return greeting;
}
