// As drizzle-kit writes it for Durable Objects.
import m0000 from './0000_authors.sql';
import m0001 from './0001_books.sql';

const entry = (idx, when, tag) => ({ idx, version: '6', when, tag, breakpoints: true });

export default {
  journal: {
    version: '7',
    dialect: 'sqlite',
    entries: [entry(0, 1760000000000, '0000_authors'), entry(1, 1760000100000, '0001_books')],
  },
  migrations: { m0000, m0001 },
};
