import { relations } from 'drizzle-orm';
import { blob, index, integer, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const authors = sqliteTable('authors', {
  id: integer().primaryKey({ autoIncrement: true }),
  name: text().notNull().unique(),
  born: integer({ mode: 'timestamp_ms' }),
  isLiving: integer('is_living', { mode: 'boolean' }).notNull().default(true),
});

export const books = sqliteTable(
  'books',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    authorId: integer('author_id')
      .notNull()
      .references(() => authors.id, { onDelete: 'cascade' }),
    title: text().notNull(),
    price: real(),
    tags: text({ mode: 'json' }).$type<string[]>(),
    cover: blob({ mode: 'buffer' }),
    sales: blob({ mode: 'bigint' }),
  },
  (table) => [index('books_by_author').on(table.authorId, table.title)],
);

export const authorsToBooks = relations(authors, ({ many }) => ({ books: many(books) }));
export const booksToAuthors = relations(books, ({ one }) => ({
  author: one(authors, { fields: [books.authorId], references: [authors.id] }),
}));
