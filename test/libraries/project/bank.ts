// An object behind a capnweb API: what the client holds are capabilities of the Worker, which call the object.
import { RpcTarget } from 'capnweb';
import { DurableObject } from 'cloudflare:workers';

export class Account extends DurableObject {
  async deposit(amount: number): Promise<number> {
    const all = [...(await this.history()), amount];
    await this.ctx.storage.put('history', all);
    return all.reduce((sum, each) => sum + each, 0);
  }

  async history(): Promise<number[]> {
    return (await this.ctx.storage.get<number[]>('history')) ?? [];
  }
}

class Holder extends RpcTarget {
  constructor(private account: DurableObjectStub<Account>) {
    super();
  }

  deposit(amount: number) {
    return this.account.deposit(amount);
  }

  async eachDeposit(callback: (amount: number) => unknown): Promise<number> {
    const history = await this.account.history();
    for (const amount of history) await callback(amount);
    return history.length;
  }
}

export class Bank extends RpcTarget {
  constructor(private accounts: DurableObjectNamespace<Account>) {
    super();
  }

  open(name: string) {
    if (name === '') throw new RangeError('an account has a name');
    return new Holder(this.accounts.getByName(name));
  }
}
