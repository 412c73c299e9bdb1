#include "node/doorbell.h"

#include <utility>

namespace holdfast::node {

// Freed by the second of the two close callbacks.
struct Doorbell::Handles {
  uv_async_t async{};
  uv_timer_t timer{};
  std::function<void()> onRing;
  int open = 2;

  static void closed(uv_handle_t* handle) {
    auto* self = static_cast<Handles*>(handle->data);
    if (--self->open == 0) delete self;
  }
};

Doorbell::Doorbell(uv_loop_t* loop, std::function<void()> onRing) : handles_(new Handles) {
  handles_->onRing = std::move(onRing);
  handles_->async.data = handles_;
  handles_->timer.data = handles_;
  uv_async_init(loop, &handles_->async, [](uv_async_t* async) {
    auto* self = static_cast<Handles*>(async->data);
    if (self->onRing) self->onRing();
  });
  uv_timer_init(loop, &handles_->timer);
  uv_unref(reinterpret_cast<uv_handle_t*>(&handles_->async));
  uv_unref(reinterpret_cast<uv_handle_t*>(&handles_->timer));
}

void Doorbell::ring() {
  if (handles_ != nullptr) uv_async_send(&handles_->async);
}

void Doorbell::ringIn(uint64_t ms) {
  if (handles_ == nullptr) return;
  uv_timer_start(
      &handles_->timer,
      [](uv_timer_t* timer) {
        auto* self = static_cast<Handles*>(timer->data);
        if (self->onRing) self->onRing();
      },
      ms, 0);
}

void Doorbell::cancelTimer() {
  if (handles_ != nullptr) uv_timer_stop(&handles_->timer);
}

void Doorbell::keepAlive(bool keep) {
  if (handles_ == nullptr) return;
  auto* handle = reinterpret_cast<uv_handle_t*>(&handles_->async);
  if (keep) {
    uv_ref(handle);
  } else {
    uv_unref(handle);
  }
}

void Doorbell::close() {
  if (handles_ == nullptr) return;
  Handles* handles = std::exchange(handles_, nullptr);
  handles->onRing = nullptr;
  uv_close(reinterpret_cast<uv_handle_t*>(&handles->async), Handles::closed);
  uv_close(reinterpret_cast<uv_handle_t*>(&handles->timer), Handles::closed);
}

}  // namespace holdfast::node
