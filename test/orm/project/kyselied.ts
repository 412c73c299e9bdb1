import { DurableObject } from 'cloudflare:workers';
import { type Generated, Kysely, sql } from 'kysely';
import { DODialect } from 'kysely-do';

interface Tables {
  pets: {
    id: Generated<number>;
    name: string;
    kind: string;
    weight: number | null;
    photo: Uint8Array | null;
  };
  visits: { pet_id: number; day: string; notes: string | null };
}
type Steps = Record<string, (db: Kysely<Tables>) => Promise<unknown>>;

export class Kyselied extends DurableObject {
  #db = new Kysely<Tables>({ dialect: new DODialect({ ctx: this.ctx }) });

  async run(step: string): Promise<unknown> {
    return STEPS[step](this.#db);
  }
}

const STEPS: Steps = {
  schema: async (db) => {
    await db.schema
      .createTable('pets')
      .ifNotExists()
      .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('name', 'text', (column) => column.notNull().unique())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('weight', 'real')
      .addColumn('photo', 'blob')
      .execute();
    await db.schema
      .createTable('visits')
      .addColumn('pet_id', 'integer', (column) =>
        column.references('pets.id').onDelete('cascade').notNull(),
      )
      .addColumn('day', 'text', (column) => column.notNull())
      .addColumn('notes', 'text')
      .execute();
    await db.schema.createIndex('visits_by_pet').on('visits').columns(['pet_id', 'day']).execute();
    await db.schema.alterTable('pets').addColumn('chip', 'text').execute();
    const { rows } =
      await sql`SELECT name FROM sqlite_schema WHERE tbl_name IN ('pets', 'visits') AND sql IS NOT NULL ORDER BY name`.execute(
        db,
      );
    return rows;
  },

  insert: async (db) => ({
    returned: await db
      .insertInto('pets')
      .values([
        { name: 'Ada', kind: 'cat', weight: 4.5, photo: new Uint8Array([7, 0, 255]) },
        { name: 'Bob', kind: 'dog', weight: 21, photo: null },
        { name: 'Cleo', kind: 'cat', weight: null, photo: null },
      ])
      .returning(['id', 'name'])
      .execute(),
    conflict: await db
      .insertInto('pets')
      .values({ name: 'Bob', kind: 'wolf' })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ weight: 22 }))
      .returning(['kind', 'weight'])
      .executeTakeFirstOrThrow(),
    visits: String(
      (
        await db
          .insertInto('visits')
          .values([
            { pet_id: 1, day: '2026-01-05', notes: JSON.stringify({ shots: ['rabies'] }) },
            { pet_id: 1, day: '2026-03-09', notes: null },
            { pet_id: 2, day: '2026-02-01', notes: null },
          ])
          .returningAll()
          .execute()
      ).length,
    ),
  }),

  select: async (db) => ({
    joined: await db
      .selectFrom('visits')
      .innerJoin('pets', 'pets.id', 'visits.pet_id')
      .select(['pets.name', 'visits.day'])
      .where('pets.kind', '=', 'cat')
      .orderBy('visits.day', 'desc')
      .limit(10)
      .execute(),
    where: await db
      .selectFrom('pets')
      .select('name')
      .where((eb) => eb.or([eb('weight', '>', 10), eb('weight', 'is', null)]))
      .orderBy('name')
      .execute(),
    grouped: await db
      .selectFrom('pets')
      .leftJoin('visits', 'visits.pet_id', 'pets.id')
      .select(({ fn }) => ['pets.name', fn.count<number>('visits.day').as('visits')])
      .groupBy('pets.id')
      .having(({ fn }) => fn.count('visits.day'), '<', 2)
      .orderBy('pets.name')
      .execute(),
    with: await db
      .with('cats', (qb) => qb.selectFrom('pets').selectAll().where('kind', '=', 'cat'))
      .selectFrom('cats')
      .select(({ fn }) => fn.countAll<number>().as('cats'))
      .executeTakeFirst(),
    blob: await db
      .selectFrom('pets')
      .select('photo')
      .where('id', '=', 1)
      .executeTakeFirstOrThrow()
      .then(({ photo }) => [
        photo instanceof ArrayBuffer,
        ...new Uint8Array(photo as unknown as ArrayBuffer),
      ]),
    json: await db
      .selectFrom('visits')
      .select(sql`notes ->> '$.shots[0]'`.as('shot'))
      .where('notes', 'is not', null)
      .execute(),
  }),

  update: async (db) => ({
    returned: await db
      .updateTable('pets')
      .set((eb) => ({ weight: eb('weight', '+', 1) }))
      .where('kind', '=', 'cat')
      .returning(['name', 'weight'])
      .execute(),
  }),

  delete: async (db) => ({
    returned: await db.deleteFrom('pets').where('name', '=', 'Ada').returning('id').execute(),
    cascaded: await db.selectFrom('visits').select('pet_id').execute(),
  }),

  // The dialect refuses these by itself, and the transaction API of the object goes on beside it.
  transactions: (db) =>
    db
      .transaction()
      .execute(async () => 'not refused')
      .catch((error) => error.message),

  errors: (db) =>
    db
      .insertInto('pets')
      .values({ name: 'Bob', kind: 'dog' })
      .execute()
      .then(
        () => 'no error',
        (error) => String(error),
      ),
};
