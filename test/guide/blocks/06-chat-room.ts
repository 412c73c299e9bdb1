import { DurableObject } from "cloudflare:workers";

export class ChatRoom extends DurableObject {
  // In-memory list of open WebSocket connections:
  connections = new Set();

  async fetch(request) {
    const [client, server] = Object.values(new WebSocketPair());
    server.accept();
    this.connections.add(server);

    server.addEventListener("close", () => {
      this.connections.delete(server);
    });

    return new Response(null, { status: 101, webSocket: client });
  }

  // Broadcast message to all connections:
  broadcast(message) {
    for (const ws of this.connections) {
      ws.send(message);
    }
  }
}
