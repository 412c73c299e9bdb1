// IoThread: one thread, its io_context, and every connection that lives on it.
//
// Commands arrive through a queue with one wake-up per batch; connections they touched are settled
// (written) once, after the whole batch, so that several outputs leave in one system call. Time is
// read once per wake-up.
//
// Thread: post(), adopt(), announce() and the counters are thread-safe; everything else is the
// thread's own. Owner: the server. Failure: see Connection.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/batch_queue.h"
#include "base/check.h"
#include "base/slot_map.h"
#include "net/detail/asio.h"
#include "net/detail/connection.h"
#include "net/session.h"
#include "sys/thread.h"

namespace holdfast::net {

[[nodiscard]] bool isForSocket(Command::Kind kind);  // Command::target is a socket

// What a thread asks of the server it belongs to. Called on the thread.
class IoOwner {
 public:
  virtual void connectionClosed(const std::string& address) = 0;
  virtual void socketClosed(SocketHandle socket) = 0;
  [[nodiscard]] virtual Lsn durable() const = 0;

 protected:
  ~IoOwner() = default;
};

class IoThread {
 public:
  IoThread(const ServerOptions& options, EventSink& sink, IoOwner& owner, uint32_t index);
  ~IoThread();  // after stop()
  IoThread(const IoThread&) = delete;
  IoThread& operator=(const IoThread&) = delete;

  void start();  // once, when everything around it stands

  // Thread-safe.
  void post(std::vector<Command>&& commands);
  void announce();  // owner.durable() has grown
  void run(std::function<void()> task);
  void stop();  // cuts every connection, ends the thread and joins it
  [[nodiscard]] boost::asio::io_context& io() { return io_; }

  // On the thread.
  void adopt(Peer peer);
  void drain();   // asks every connection to end
  void cutAll();  // ends every connection
  void beginWakeUp();
  void endWakeUp();
  void touch(Connection& connection);
  void remove(Connection& connection);
  void plan(Handle connection, InstantMs deadline, InstantMs& planned);
  // False when `lsn` is durable already.
  bool waitForDurable(Handle connection, Lsn lsn);
  [[nodiscard]] Lsn durable() const { return owner_.durable(); }
  [[nodiscard]] std::span<char> readBuffer() { return readBuffer_; }
  [[nodiscard]] SessionContext& context() { return context_; }

 private:
  class Context final : public SessionContext {
   public:
    Context(const ServerOptions& serverOptions, EventSink& eventSink, IoOwner& ioOwner,
            uint32_t index)
        : SessionContext(serverOptions, eventSink, index), owner_(ioOwner) {}
    void closeSocket(SocketHandle socket) override;
    [[nodiscard]] std::string_view httpDate() override;
    [[nodiscard]] TimestampMs wallNow() const override;

   private:
    IoOwner& owner_;
    int64_t dateSecond_ = -1;
    std::string date_;
  };

  void drainCommands();
  void execute(Command&& command);
  void releaseDurable();
  void armTimer();
  void onTimer();

  IoOwner& owner_;
  Context context_;
  boost::asio::io_context io_{1};
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work_;
  boost::asio::steady_timer timer_{io_};
  InstantMs timerAt_ = kNever;
  bool stopping_ = false;

  BatchQueue<Command> queue_;
  std::vector<Command> batch_;
  SlotMap<std::shared_ptr<Connection>> connections_;
  std::vector<std::shared_ptr<Connection>> touched_;
  std::vector<std::shared_ptr<Connection>> settling_;
  DeadlineQueue deadlines_;
  std::multimap<Lsn, Handle> waiting_;  // connections whose next output is not durable
  std::atomic<size_t> waitingCount_{0};
  std::vector<char> readBuffer_;
  std::optional<sys::Thread> thread_;  // between start() and stop()
};

}  // namespace holdfast::net
