import { DurableObject } from "cloudflare:workers";

// In your Worker:
export default {
  async fetch(request, env, ctx): Promise<Response> {
    const url = new URL(request.url);
    // Use the URL path (or query) as a Durable Object name:
    const id = env.MY_DO_NAMESPACE.idFromName(url.pathname);
    const stub = env.MY_DO_NAMESPACE.get(id);

    // Dispatch based on method and path:
    if (
      url.pathname.startsWith("/ws") &&
      request.headers.get("Upgrade") === "websocket"
    ) {
      // WebSocket connection handled by the Durable Object
      return stub.fetch(request);
    } else {
      // Invoke an RPC method, e.g., sayHello
      const greeting = await stub.sayHello("World");
      return new Response(greeting, { status: 200 });
    }
  },
} satisfies ExportedHandler<Env>;

export class MyDurableObject extends DurableObject {
  // In-memory state
  stateValue = 0;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    // Optionally initialize persistent storage or in-memory values here.
  }

  async sayHello(name: string): Promise<string> {
    // Update in-memory state
    this.stateValue++;
    // Use Storage API (KV or SQL) if needed:
    // await this.state.storage.put("counter", this.stateValue);
    return `Hello, ${name}! Count: ${this.stateValue}`;
  }

  async fetch(request: Request): Promise<Response> {
    // If this is a WebSocket request, use the hibernation API:
    if (request.headers.get("Upgrade") === "websocket") {
      const [client, server] = Object.values(new WebSocketPair());
      this.state.acceptWebSocket(server);
      return new Response(null, { status: 101, webSocket: client });
    }
    // Otherwise, default RPC behavior:
    return new Response("Default Durable Object response", { status: 200 });
  }

  // Optionally add handlers for WebSocket events:
  async webSocketMessage(ws: WebSocket, message: string) {
    ws.send(`Echo: ${message}`);
  }
}
