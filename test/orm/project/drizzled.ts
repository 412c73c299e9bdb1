import { DurableObject } from 'cloudflare:workers';
import { and, asc, count, desc, eq, gt, like, placeholder, sql } from 'drizzle-orm';
import { type DrizzleSqliteDODatabase, drizzle } from 'drizzle-orm/durable-sqlite';
import { migrate } from 'drizzle-orm/durable-sqlite/migrator';
import migrations from './migrations/migrations.js';
import * as schema from './schema';

const { authors, books } = schema;
type Database = DrizzleSqliteDODatabase<typeof schema>;
type Steps = Record<string, (db: Database) => unknown>;

export class Drizzled extends DurableObject {
  #db: Database = drizzle(this.ctx.storage, { schema });

  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env);
    ctx.blockConcurrencyWhile(() => migrate(this.#db, migrations));
  }

  async run(step: string): Promise<unknown> {
    return STEPS[step](this.#db);
  }
}

const STEPS: Steps = {
  migrations: (db) => ({
    applied: db.values(sql`SELECT created_at FROM __drizzle_migrations ORDER BY created_at`),
    tables: db.values(
      sql`SELECT name FROM sqlite_schema WHERE tbl_name IN ('authors', 'books') ORDER BY name`,
    ),
  }),

  insert: (db) => ({
    one: db
      .insert(authors)
      .values({ name: 'Le Guin', born: new Date(Date.UTC(1929, 9, 21)), isLiving: false })
      .returning()
      .all(),
    some: db
      .insert(authors)
      .values([{ name: 'Chiang' }, { name: 'Jemisin' }])
      .returning({ id: authors.id })
      .all(),
    ignored: db.insert(authors).values({ name: 'Chiang' }).onConflictDoNothing().returning().all(),
    upserted: db
      .insert(authors)
      .values({ name: 'Chiang', born: new Date(0) })
      .onConflictDoUpdate({ target: authors.name, set: { born: sql`excluded.born` } })
      .returning()
      .get(),
    books: db
      .insert(books)
      .values([
        { authorId: 1, title: 'The Dispossessed', price: 9.5, tags: ['utopia', 'physics'] },
        { authorId: 1, title: 'The Lathe of Heaven', price: 7, sales: 12345678901234567890n },
        { authorId: 2, title: 'Exhalation', price: 12.25, cover: Buffer.from([0, 1, 254, 255]) },
        { authorId: 3, title: 'The Fifth Season' },
      ])
      .returning({ id: books.id, tags: books.tags, cover: books.cover })
      .all()
      .map((row) => ({ ...row, cover: row.cover && [...row.cover] })),
  }),

  select: async (db) => ({
    joined: db
      .select({ name: authors.name, title: books.title })
      .from(books)
      .innerJoin(authors, eq(books.authorId, authors.id))
      .where(and(gt(books.price, 7), like(books.title, '%e%')))
      .orderBy(desc(books.price))
      .limit(5)
      .all(),
    left: db
      .select()
      .from(authors)
      .leftJoin(books, and(eq(books.authorId, authors.id), gt(books.price, 10)))
      .orderBy(asc(authors.id))
      .all()
      .map(({ authors: { name }, books: book }) => [name, book?.title ?? null]),
    page: db
      .select({ title: books.title })
      .from(books)
      .orderBy(books.title)
      .limit(2)
      .offset(1)
      .all(),
    grouped: db
      .select({ author: books.authorId, books: count(), mean: sql<number>`avg(${books.price})` })
      .from(books)
      .groupBy(books.authorId)
      .orderBy(books.authorId)
      .all(),
    one: db.select().from(authors).where(eq(authors.id, 1)).get(),
    none: db.select().from(authors).where(eq(authors.id, 99)).get() ?? 'none',
    big: String(db.select({ sales: books.sales }).from(books).where(eq(books.id, 2)).get()?.sales),
    counted: await db.$count(books, gt(books.price, 8)),
  }),

  relational: async (db) => ({
    many: await db.query.authors.findMany({
      columns: { name: true },
      with: {
        books: {
          columns: { title: true, tags: true },
          orderBy: (book, { desc }) => desc(book.title),
        },
      },
      orderBy: (author, { asc }) => asc(author.name),
    }),
    first: await db.query.books.findFirst({
      columns: { title: true },
      with: { author: { columns: { name: true, isLiving: true } } },
      where: (book, { eq }) => eq(book.id, 3),
    }),
  }),

  update: (db) => ({
    returned: db
      .update(books)
      .set({ price: sql`${books.price} * 2`, tags: ['short'] })
      .where(eq(books.title, 'Exhalation'))
      .returning({ price: books.price, tags: books.tags })
      .all(),
    json: db
      .select({ first: sql`${books.tags} ->> '$[0]'` })
      .from(books)
      .where(sql`json_array_length(${books.tags}) > 0`)
      .orderBy(books.id)
      .all(),
  }),

  prepared: (db) => {
    const statement = db
      .select({ title: books.title })
      .from(books)
      .where(eq(books.authorId, placeholder('author')))
      .orderBy(books.id)
      .prepare();
    return [1, 2, 3].map((author) => statement.all({ author }));
  },

  transactions: async (db) => {
    const committed = db.transaction((tx) => {
      tx.insert(authors).values({ name: 'Kept' }).run();
      try {
        tx.transaction((inner) => {
          inner.insert(authors).values({ name: 'Inner' }).run();
          inner.rollback();
        });
      } catch (error) {
        return (error as Error).message;
      }
      return 'not rolled back';
    });
    let thrown = '';
    try {
      db.transaction((tx) => {
        tx.delete(books).run();
        throw new Error('changed my mind');
      });
    } catch (error) {
      thrown = (error as Error).message;
    }
    const names = db.select({ name: authors.name }).from(authors).orderBy(authors.id).all();
    return { committed, thrown, names, books: await db.$count(books) };
  },

  errors: (db) => {
    const messages = [];
    for (const wrong of [
      () => db.insert(authors).values({ name: 'Chiang' }).run(),
      () => db.insert(books).values({ authorId: 77, title: 'Nobody' }).run(),
      () => db.run(sql`SELECT * FROM nowhere`),
    ]) {
      try {
        wrong();
        messages.push('no error');
      } catch (error) {
        messages.push(String((error as Error).cause ?? error));
      }
    }
    return messages;
  },

  delete: (db) => ({
    returned: db
      .delete(authors)
      .where(eq(authors.name, 'Le Guin'))
      .returning({ id: authors.id })
      .all(),
    cascaded: db.select({ id: books.id }).from(books).orderBy(books.id).all(),
  }),
};
