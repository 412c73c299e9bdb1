import { DurableObject } from "cloudflare:workers";

export class MySQLObject extends DurableObject {
  sql = this.state.storage.sql;

  async sayHello(): Promise<string> {
    // Executes a SQL query synchronously (writes are auto‑coalesced)
    const result = this.sql.exec("SELECT 'Hello, World!' as greeting").one();
    return result.greeting;
  }
}
