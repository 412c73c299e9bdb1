// Facets (spec S1.15): their numbers, their actors, their databases' end. First argument
// everywhere: the handle of the parent, an object or a facet. What flushes the index runs on a
// thread of libuv's pool; it holds the FacetIndexes and not the runtime, which may close meanwhile.
#include <string>
#include <utility>
#include <vector>

#include "node/pool_work.h"
#include "node/runtime_object.h"
#include "storage/facet_indexes.h"

namespace holdfast::node {
void RuntimeObject::facetMethods(Methods& methods) {
  methods.push_back(InstanceMethod("facetNumber", &RuntimeObject::facetNumber));
  methods.push_back(InstanceMethod("openFacet", &RuntimeObject::openFacet));
  methods.push_back(InstanceMethod("deleteFacet", &RuntimeObject::deleteFacet));
  methods.push_back(InstanceMethod("deleteFacets", &RuntimeObject::deleteFacets));
  methods.push_back(InstanceMethod("cloneFacet", &RuntimeObject::cloneFacet));
}

// (parent, name) -> promise of the facet's number, durable
Napi::Value RuntimeObject::facetNumber(Info info) {
  if (isClosed(info.Env())) return info.Env().Undefined();
  Result<storage::ObjectName> object = host_->shard().rootName(toHandle(info[0]));
  if (failed(info.Env(), object.status())) return info.Env().Undefined();
  return queueOnPool<FacetNumber>(
      info.Env(),
      [indexes = host_->engine().facets(), object = std::move(object).value(),
       parent = host_->shard().keyOf(toHandle(info[0]))->facet,
       name = toWtf8(info[1])] { return indexes->numberOf(object, parent, name); },
      [](Napi::Env env, const FacetNumber& number) { return Napi::Number::New(env, number); });
}

// (parent, number) -> handle; 0: the parent's instance is gone
Napi::Value RuntimeObject::openFacet(Info info) {
  if (isClosed(info.Env())) return info.Env().Undefined();
  const ActorKey* parent = host_->shard().keyOf(toHandle(info[0]));
  if (parent == nullptr) return fromHandle(info.Env(), kNoHandle);
  ActorKey key = *parent;
  key.facet = static_cast<FacetNumber>(info[1].As<Napi::Number>().Uint32Value());
  return fromHandle(info.Env(), host_->shard().openActor(key, std::nullopt));
}

Status RuntimeObject::deleteFacetTree(ActorHandle parent, const std::string& name) {
  const Result<storage::ObjectName> object = host_->shard().rootName(parent);
  if (!object.ok()) return object.status();
  const FacetNumber number = host_->shard().keyOf(parent)->facet;
  storage::FacetIndexes& indexes = *host_->engine().facets();
  const Result<std::optional<FacetNumber>> facet = indexes.find(object.value(), number, name);
  if (!facet.ok() || !facet.value()) return facet.status();
  Result<std::vector<FacetNumber>> facets = indexes.descendants(object.value(), *facet.value());
  if (!facets.ok()) return facets.status();
  facets.value().push_back(*facet.value());
  return host_->shard().deleteFacets(parent, facets.value());
}

// (parent, name): its data and that of all below it; fine when there is none
void RuntimeObject::deleteFacet(Info info) {
  if (isClosed(info.Env())) return;
  failed(info.Env(), deleteFacetTree(toHandle(info[0]), toWtf8(info[1])));
}

// (parent, from, to): `to`, which does not run, gets the data of `from` and of all below it
void RuntimeObject::cloneFacet(Info info) {
  if (isClosed(info.Env())) return;
  const ActorHandle parent = toHandle(info[0]);
  const std::string to = toWtf8(info[2]);
  if (failed(info.Env(), deleteFacetTree(parent, to))) return;
  const Result<storage::ObjectName> object = host_->shard().rootName(parent);
  if (failed(info.Env(), object.status())) return;
  const Result<std::vector<storage::FacetIndexes::Copy>> copies =
      host_->engine().facets()->numbersForCopy(object.value(), host_->shard().keyOf(parent)->facet,
                                               toWtf8(info[1]), to);
  if (failed(info.Env(), copies.status()) || copies.value().empty()) return;
  failed(info.Env(), host_->shard().copyFacets(parent, copies.value()));
}

// (parent): the data of all below it
void RuntimeObject::deleteFacets(Info info) {
  if (isClosed(info.Env())) return;
  const Result<storage::ObjectName> object = host_->shard().rootName(toHandle(info[0]));
  if (failed(info.Env(), object.status())) return;
  const FacetNumber parent = host_->shard().keyOf(toHandle(info[0]))->facet;
  const Result<std::vector<FacetNumber>> facets =
      host_->engine().facets()->descendants(object.value(), parent);
  if (failed(info.Env(), facets.status()) || facets.value().empty()) return;
  failed(info.Env(), host_->shard().deleteFacets(toHandle(info[0]), facets.value()));
}

}  // namespace holdfast::node
