// What a Shard does with the databases of its actors, and which of their outputs wait for them
// (shard.h).
#include <utility>

#include "host/shard.h"
#include "storage/data_paths.h"
#include "storage/database.h"

namespace holdfast::host {

Result<storage::Database*> Shard::database(ActorHandle actor) {
  sockets_.settleSends();
  if (lost_.contains(actor)) return Status(Code::kIo, "an earlier write of the actor was lost");
  if (storage::Database* open = stores_.find(actor)) return open;
  const Result<storage::ObjectName> name = objectName(actor);
  if (!name.ok()) return name.status();
  return stores_.open(actor, name.value(), actors_.nameOf(actor));
}

Result<storage::ObjectName> Shard::objectName(ActorHandle actor) {
  const ActorKey* key = actors_.keyOf(actor);
  if (key == nullptr) return Status(Code::kNotFound, "the actor's instance is gone");
  return storage::ObjectName{namespaces_.at(key->ns).uniqueKey,
                             storage::idHexOf(key->id, key->facet)};
}

Result<storage::ObjectName> Shard::rootName(ActorHandle actor) {
  const ActorKey* key = actors_.keyOf(actor);
  if (key == nullptr) return Status(Code::kNotFound, "the actor's instance is gone");
  return storage::ObjectName{namespaces_.at(key->ns).uniqueKey, storage::idHexOf(key->id, 0)};
}

Status Shard::deleteFacets(ActorHandle actor, const std::vector<FacetNumber>& facets) {
  const Result<storage::ObjectName> root = rootName(actor);
  if (!root.ok()) return root.status();
  const Result<storage::Database*> own = database(actor);
  if (!own.ok()) return own.status();
  const ActorId id = actors_.keyOf(actor)->id;
  for (const FacetNumber facet : facets) {
    const Result<Lsn> lsn = deleteDatabase({root.value().uniqueKey, storage::idHexOf(id, facet)});
    if (!lsn.ok()) return lsn.status();
    stores_.dependOn(actor, lsn.value());
  }
  return {};
}

Status Shard::copyFacets(ActorHandle actor,
                         const std::vector<storage::FacetIndexes::Copy>& copies) {
  const Result<storage::ObjectName> root = rootName(actor);
  if (!root.ok()) return root.status();
  const Result<storage::Database*> own = database(actor);
  if (!own.ok()) return own.status();
  const ActorId id = actors_.keyOf(actor)->id;
  const std::string& uniqueKey = root.value().uniqueKey;
  for (const storage::FacetIndexes::Copy& copy : copies) {
    const Result<Lsn> lsn = engine_.copyObject({uniqueKey, storage::idHexOf(id, copy.from)},
                                               {uniqueKey, storage::idHexOf(id, copy.to)});
    if (!lsn.ok()) return lsn.status();
    stores_.dependOn(actor, lsn.value());
  }
  return {};
}

// 0: there is none.
Result<Lsn> Shard::deleteDatabase(const storage::ObjectName& name) {
  const Result<std::unique_ptr<storage::Database>> opened = engine_.openDatabase(name);
  if (!opened.ok()) return opened.status();
  storage::Database& database = *opened.value();
  Status emptied = database.deleteAll(storage::Database::AlarmFate::kDelete);
  if (!emptied.ok()) return emptied;
  return database.commit();
}

std::optional<Lsn> Shard::committedLsn(ActorHandle actor) {
  if (stores_.hasUncommitted(actor)) return std::nullopt;
  return stores_.lastLsn(actor);
}

Status Shard::openTransaction(ActorHandle actor) {
  const Result<storage::Database*> opened = database(actor);
  if (!opened.ok()) return opened.status();
  committed_.clear();
  Status status = stores_.openTransaction(actor, committed_);
  settleCommitted();
  if (status.ok()) stores_.noteWrite(actor);
  return status;
}

bool Shard::closeSection(ActorHandle actor, core::SectionId section) {
  if (!actors_.closeSection(actor, section)) return false;
  sockets_.settleSends();
  committed_.clear();
  stores_.commitActor(actor, committed_);
  settleCommitted();
  return true;
}

core::Ticket Shard::gate(ActorHandle actor) {
  return ticket(actor, stores_.holdsOutputs(actor), stores_.confirmedLsn(actor));
}

std::optional<core::Ticket> Shard::firstLost(ActorHandle actor) const {
  if (lost_.contains(actor)) return core::Ticket{1};
  return gate_.firstUncommitted(actor);
}

core::Ticket Shard::syncTicket(ActorHandle actor) {
  return ticket(actor, stores_.hasUncommitted(actor), stores_.lastLsn(actor));
}

// What a lost actor has to say waits for a commit that never comes.
core::Ticket Shard::ticket(ActorHandle actor, bool uncommitted, Lsn lsn) {
  sockets_.settleSends();
  const bool isLost = lost_.contains(actor) || neverDurable(stores_.lastLsn(actor));
  const core::Ticket ticket = gate_.wait(actor, uncommitted || isLost, lsn);
  if (isLost && !uncommitted && !lost_.contains(actor)) lose(actor, *flushFailure_);
  return ticket;
}

}  // namespace holdfast::host
