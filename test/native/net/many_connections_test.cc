// Many connections that speak at the same moment, with system calls for many at once and one each.
#include <string>
#include <vector>

#include "server_fixture.h"

namespace holdfast::net {
namespace {

constexpr size_t kClients = 80;  // more than one call takes

class ManyConnectionsTest : public ServerTest,
                            public ::testing::WithParamInterface<sys::SocketCalls::Mode> {
 protected:
  void SetUp() override {
    options.socketCalls = GetParam();
    start();
    for (size_t i = 0; i < kClients; ++i) clients.push_back(std::make_unique<TestClient>(port));
  }

  // One request of each; in the order of the clients.
  std::vector<RequestHandle> askAll() {
    for (size_t i = 0; i < kClients; ++i) {
      clients[i]->write("GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    std::vector<RequestHandle> requests(kClients);
    for (size_t i = 0; i < kClients; ++i) {
      const Event request = sink.next(Kind::kRequest);
      requests[std::stoul(request.head.target.substr(1))] = request.handle;
    }
    return requests;
  }

  // Every answer has left.
  void awaitDone() {
    for (size_t done = 0; done < kClients;) {
      const Event event = sink.next();
      ASSERT_TRUE(event.kind == Kind::kWritable || event.flag);
      if (event.kind == Kind::kDone) ++done;
    }
  }

  std::vector<std::unique_ptr<TestClient>> clients;
};

TEST_P(ManyConnectionsTest, EachGetsItsOwnAnswer) {
  for (int round = 0; round < 20; ++round) {
    std::vector<Command> answers;
    const std::vector<RequestHandle> requests = askAll();
    for (size_t i = 0; i < kClients; ++i) {
      answers.push_back(respond(requests[i], "answer " + std::to_string(i) + "!"));
    }
    server->post(std::move(answers));
    for (size_t i = 0; i < kClients; ++i) {
      const std::string got = clients[i]->readUntil("!");
      EXPECT_TRUE(got.ends_with("\r\n\r\nanswer " + std::to_string(i) + "!")) << got;
    }
    awaitDone();
  }
}

TEST_P(ManyConnectionsTest, AnswersThatTheKernelTakesInPiecesArriveWhole) {
  const std::string filling(1U << 20U, 'z');
  std::vector<Command> answers;
  for (const RequestHandle request : askAll()) {
    answers.push_back(begin(request));
    for (int piece = 0; piece < 10; ++piece) answers.push_back(body(request, "piece", false));
    answers.push_back(body(request, filling, true));
  }
  server->post(std::move(answers));
  for (const auto& client : clients) {
    const std::string got = client->readUntil("\r\n0\r\n\r\n");
    EXPECT_GT(got.size(), filling.size());
    EXPECT_NE(got.find("5\r\npiece\r\n100000\r\nzzz"), std::string::npos);
  }
  awaitDone();
}

TEST_P(ManyConnectionsTest, OneThatGoesMeansNothingToTheOthers) {
  const std::vector<RequestHandle> requests = askAll();
  for (size_t i = 0; i < kClients; i += 2) clients[i]->reset();
  for (size_t i = 0; i < kClients; i += 2) EXPECT_FALSE(sink.next(Kind::kDone).flag);
  std::vector<Command> answers;
  for (size_t i = 0; i < kClients; ++i) answers.push_back(respond(requests[i], "here"));
  server->post(std::move(answers));
  for (size_t i = 1; i < kClients; i += 2) clients[i]->readUntil("here");
}

std::string nameOf(const ::testing::TestParamInfo<sys::SocketCalls::Mode>& mode) {
  return mode.param == sys::SocketCalls::Mode::kBatched ? "Batched" : "Single";
}

INSTANTIATE_TEST_SUITE_P(Modes, ManyConnectionsTest,
                         ::testing::Values(sys::SocketCalls::Mode::kBatched,
                                           sys::SocketCalls::Mode::kSingle),
                         nameOf);

}  // namespace
}  // namespace holdfast::net
