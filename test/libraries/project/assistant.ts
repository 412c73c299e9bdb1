// An agent: state that its clients see, methods that they call, a table of its own, a task for later.
import { Agent, callable } from 'agents';

type State = { count: number };

export class Assistant extends Agent<unknown, State> {
  initialState: State = { count: 0 };

  @callable()
  increment(by: number): number {
    this.setState({ count: this.state.count + by });
    return this.state.count;
  }

  @callable()
  fail(): never {
    throw new Error('as it should');
  }

  @callable()
  async remind(text: string): Promise<number> {
    this.sql`CREATE TABLE IF NOT EXISTS reminders (text TEXT)`;
    await this.schedule(0, 'ring', { text });
    return this.getSchedules().length;
  }

  ring({ text }: { text: string }) {
    this.sql`INSERT INTO reminders VALUES (${text})`;
    this.broadcast(JSON.stringify({ type: 'ring', reminders: this.reminders() }));
  }

  onRequest(): Response {
    return Response.json({ state: this.state, name: this.name });
  }

  private reminders(): string[] {
    return this.sql<{ text: string }>`SELECT text FROM reminders`.map(({ text }) => text);
  }
}
