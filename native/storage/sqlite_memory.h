// The memory that SQLite uses (https://sqlite.org/malloc.html): that of databases which rest or are
// closed goes back to the system.
//
// Contract: useSlabMemory() before any other use of SQLite in the process; whoever opens a
// connection links it in (connection.cc). In builds with sanitizers SQLite keeps malloc().
#pragma once

namespace holdfast::storage {

// A result code of SQLite.
int useSlabMemory();

}  // namespace holdfast::storage
