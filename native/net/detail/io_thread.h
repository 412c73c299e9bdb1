// IoThread: one thread, what it waits for, and every connection that lives on it.
//
// A round: wait, read what is ready, take the commands that came meanwhile, look at the deadlines,
// then settle (write) each connection that was touched once, so that several outputs leave in one
// system call; at its end the sink is told that a batch is over. Reads, and writes, of up to
// sys::SocketCalls::kMax connections are one system call. Time is read once per round.
//
// Thread: post(), announce(), run() and stop() are thread-safe; everything else is the thread's
// own. Owner: the server. Failure: see Connection.
#pragma once

#include <array>
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
#include "net/detail/connection.h"
#include "net/session.h"
#include "sys/poller.h"
#include "sys/socket_calls.h"
#include "sys/thread.h"

namespace holdfast::net {

[[nodiscard]] bool isForSocket(Command::Kind kind);  // Command::target is a socket

// What a thread asks of the server it belongs to. Called on the thread.
class IoOwner {
 public:
  // `address`: of the peer, may be empty.
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

  // On the thread.
  void adopt(Peer peer);
  // Calls `onReady` when something arrives at `fd`; until the descriptor is closed.
  Status watch(int fd, std::function<void()> onReady);
  // Once, after so many milliseconds; not at all when the thread ends before.
  void after(int64_t delayMs, std::function<void()> task);
  void drain();   // asks every connection to end
  void cutAll();  // ends every connection
  void touch(Connection& connection);
  void readSoon(Connection& connection);
  void remove(Connection& connection);
  void plan(Handle connection, InstantMs deadline, InstantMs& planned);
  // False when `lsn` is durable already.
  bool waitForDurable(Handle connection, Lsn lsn);
  [[nodiscard]] Lsn durable() const { return owner_.durable(); }
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

  void loop();
  [[nodiscard]] int64_t timeout() const;
  void takeReady(std::span<const sys::Poller::Ready> ready);
  void readAgain();
  void read(Connection& connection);  // with others, or not at all
  void readTogether();
  void runTasks();
  void takeCommands();
  void execute(Command&& command);
  void broadcast(Command&& command);
  void releaseDurable();
  void takeDeadlines();
  void settleTouched();
  void writeTouched();
  void writeTogether();

  IoOwner& owner_;
  Context context_;
  sys::Poller poller_;
  bool stopped_ = false;

  BatchQueue<std::function<void()>> tasks_;
  std::vector<std::function<void()>> runningTasks_;
  std::multimap<InstantMs, std::function<void()>> timers_;
  std::vector<std::function<void()>> watchers_;

  BatchQueue<Command> queue_;
  std::vector<Command> batch_;
  SlotMap<std::unique_ptr<Connection>> connections_;
  std::vector<std::unique_ptr<Connection>> removed_;  // alive until the round is over
  std::vector<Connection*> touched_;                  // empty between rounds
  std::vector<Connection*> settling_;
  std::vector<Handle> unread_;  // have input that was not read when it was told
  std::vector<Handle> rereading_;
  DeadlineQueue deadlines_;
  std::multimap<Lsn, Handle> waiting_;  // connections whose next output is not durable
  std::atomic<size_t> waitingCount_{0};
  std::atomic<bool> announced_{false};
  std::optional<sys::SocketCalls> calls_;  // while the thread runs: see SocketCalls
  std::unique_ptr<char[]> readBuffer_;     // pages that no read has reached are not in memory
  size_t readsCount_ = 0;
  std::array<sys::SocketCalls::Read, sys::SocketCalls::kMax> reads_;
  std::array<Connection*, sys::SocketCalls::kMax> readers_{};
  size_t writesCount_ = 0;
  std::array<sys::SocketCalls::Write, sys::SocketCalls::kMax> writes_;
  std::array<Connection*, sys::SocketCalls::kMax> writers_{};
  std::optional<sys::Thread> thread_;  // between start() and stop()
};

}  // namespace holdfast::net
