// What must never reach the host: requests that two servers could read differently (RFC 9112
// section 11), each sent over a real connection at once and cut in two.
#include "server_fixture.h"

namespace holdfast::net {
namespace {

struct Refused {
  const char* name;
  std::string bytes;
  const char* status;
};

const std::string kPost = "POST / HTTP/1.1\r\nHost: a\r\n";
const std::string kChunked = kPost + "Transfer-Encoding: chunked\r\n\r\n";

std::string get(const std::string& target) {
  return "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
}
std::string hosted(const std::string& host) {
  return "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
}
std::string field(const std::string& line) {
  return "GET / HTTP/1.1\r\nHost: a\r\n" + line + "\r\n\r\n";
}

class RefusedHeadTest : public ServerTest, public ::testing::WithParamInterface<Refused> {
 protected:
  void expectRefusal(TestClient& client) {
    const std::string answer = client.readToEnd();
    EXPECT_EQ(answer.find(std::string("HTTP/1.1 ") + GetParam().status), 0U) << answer;
    EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
    EXPECT_EQ(answer.find("HTTP/1.1", 1), std::string::npos) << "a second answer: " << answer;
    EXPECT_TRUE(sink.empty());
  }
};

// What follows is never read as a request of its own.
const std::string kSmuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

TEST_P(RefusedHeadTest, AtOnce) {
  options.limits.headerFieldsMax = 8;
  start();
  TestClient client(port);
  client.write(GetParam().bytes + kSmuggled);
  expectRefusal(client);
}

TEST_P(RefusedHeadTest, CutInTwo) {
  options.limits.headerFieldsMax = 8;
  start();
  TestClient client(port);
  const std::string& bytes = GetParam().bytes;
  client.write(bytes.substr(0, bytes.size() / 2));
  client.write(bytes.substr(bytes.size() / 2) + kSmuggled);
  expectRefusal(client);
}

using HttpRefusalTest = ServerTest;

TEST_F(HttpRefusalTest, S9_2_AnAnswerToHeadHasNoBody) {
  start();
  TestClient client(port);
  client.write("HEAD / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
  const std::string answer = client.readToEnd();
  EXPECT_EQ(answer.find("HTTP/1.1 400"), 0U) << answer;
  EXPECT_EQ(answer.find("\r\n\r\n"), answer.size() - 4) << answer;
}

std::string nameOf(const ::testing::TestParamInfo<Refused>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(
    Length, RefusedHeadTest,
    ::testing::Values(
        Refused{"Twice", kPost + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", "400"},
        Refused{"Differing", kPost + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc", "400"},
        Refused{"List", kPost + "Content-Length: 3, 3\r\n\r\nabc", "400"},
        Refused{"Negative", kPost + "Content-Length: -3\r\n\r\nabc", "400"},
        Refused{"Plus", kPost + "Content-Length: +3\r\n\r\nabc", "400"},
        Refused{"Hex", kPost + "Content-Length: 0x3\r\n\r\nabc", "400"},
        Refused{"Spaced", kPost + "Content-Length: 3 3\r\n\r\nabc", "400"},
        Refused{"Empty", kPost + "Content-Length:\r\n\r\nabc", "400"},
        Refused{"Huge", kPost + "Content-Length: 18446744073709551617\r\n\r\nabc", "400"},
        Refused{"WithChunked",
                kPost + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"},
        Refused{"AfterChunked",
                kPost + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", "400"}),
    nameOf);

INSTANTIATE_TEST_SUITE_P(
    Encoding, RefusedHeadTest,
    ::testing::Values(
        Refused{"Unknown", kPost + "Transfer-Encoding: gzip\r\n\r\n", "400"},
        Refused{"Listed", kPost + "Transfer-Encoding: gzip, chunked\r\n\r\n", "501"},
        Refused{"ChunkedFirst", kPost + "Transfer-Encoding: chunked, gzip\r\n\r\n", "400"},
        Refused{"ChunkedTwice", kPost + "Transfer-Encoding: chunked, chunked\r\n\r\n", "400"},
        Refused{"Twice", kPost + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
                "400"},
        Refused{"Identity", kPost + "Transfer-Encoding: identity\r\n\r\n", "400"},
        Refused{"Prefixed", kPost + "Transfer-Encoding: xchunked\r\n\r\n", "400"},
        Refused{"Quoted", kPost + "Transfer-Encoding: \"chunked\"\r\n\r\n", "400"},
        Refused{"VerticalTab",
                kPost + "Transfer-Encoding: \x0b"
                        "chunked\r\n\r\n",
                "400"},
        Refused{"SpaceBeforeColon", kPost + "Transfer-Encoding : chunked\r\n\r\n", "400"},
        Refused{"InHttp10",
                "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "400"}),
    nameOf);

INSTANTIATE_TEST_SUITE_P(
    Lines, RefusedHeadTest,
    ::testing::Values(
        Refused{"BareLf", "GET / HTTP/1.1\nHost: a\n\n", "400"},
        Refused{"BareLfInFields", "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", "400"},
        Refused{"BareCr", field("X: a\rb"), "400"}, Refused{"CrCrLf", field("X: a\r"), "400"},
        Refused{"Fold", field("X: a\r\n b"), "400"},
        Refused{"FoldByTab", field("X: a\r\n\tb"), "400"},
        Refused{"FoldedHost", "GET / HTTP/1.1\r\nHost:\r\n a\r\n\r\n", "400"},
        Refused{"IndentedFirst", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", "400"},
        Refused{"Nul", field(std::string("X: a\0b", 6)), "400"},
        Refused{"NulInName", field(std::string("X\0: a", 5)), "400"},
        Refused{"Delete", field("X: a\x7f"), "400"}, Refused{"NoColon", field("Nonsense"), "400"},
        Refused{"NoName", field(": a"), "400"}, Refused{"SpaceInName", field("X Y: a"), "400"},
        Refused{"SpaceBeforeColon", field("X : a"), "400"},
        Refused{"TabBeforeColon", field("X\t: a"), "400"},
        Refused{"WideName", field("X\xc3\xa9: a"), "400"},
        Refused{"LfBeforeRequest", "\n" + get("/"), "400"},
        Refused{"TlsHello", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11), "400"},
        Refused{"TooManyFields",
                field("A: 1\r\nB: 1\r\nC: 1\r\nD: 1\r\nE: 1\r\nF: 1\r\nG: 1\r\nH: 1"), "431"}),
    nameOf);

INSTANTIATE_TEST_SUITE_P(
    RequestLine, RefusedHeadTest,
    ::testing::Values(Refused{"TwoSpaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
                      Refused{"Tab", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
                      Refused{"SpaceAtEnd", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", "400"},
                      Refused{"SpaceInTarget", get("/a b"), "400"},
                      Refused{"NoTarget", "GET HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
                      Refused{"NoVersion", "GET /\r\nHost: a\r\n\r\n", "400"},
                      Refused{"LowerCaseVersion", "GET / http/1.1\r\nHost: a\r\n\r\n", "400"},
                      Refused{"Http2Preface", "PRI * HTTP/2.0\r\n\r\n", "505"},
                      Refused{"Http09", "GET / HTTP/0.9\r\nHost: a\r\n\r\n", "505"},
                      Refused{"LongVersion", "GET / HTTP/1.10\r\nHost: a\r\n\r\n", "400"},
                      Refused{"MethodNotAToken", "GE(T / HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
                      Refused{"NulInTarget", get(std::string("/a\0b", 4)), "400"}),
    nameOf);

INSTANTIATE_TEST_SUITE_P(
    Target, RefusedHeadTest,
    ::testing::Values(
        Refused{"UnknownMethod", "BREW /pot HTTP/1.1\r\nHost: a\r\n\r\n", "501"},
        Refused{"LowerCaseMethod", "get / HTTP/1.1\r\nHost: a\r\n\r\n", "501"},
        Refused{"NoValue", field("Proxy-Connection: a\x01"), "400"},
        Refused{"Connect", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", "501"},
        Refused{"Authority", get("a:80"), "400"}, Refused{"Relative", get("a/b"), "400"},
        Refused{"Asterisk", get("*"), "400"}, Refused{"OtherScheme", get("ftp://a/"), "400"},
        Refused{"UserInformation", get("http://u:p@a/"), "400"},
        Refused{"NoAuthority", get("http:///x"), "400"}, Refused{"Fragment", get("/a#b"), "400"},
        Refused{"Backslash", get("/a\\..\\b"), "400"}, Refused{"Quote", get("/\"a"), "400"},
        Refused{"Angle", get("/<a>"), "400"}, Refused{"BrokenUtf8", get("/\xff"), "400"},
        Refused{"HalfUtf8", get("/\xc3"), "400"}, Refused{"OverlongUtf8", get("/\xc0\xaf"), "400"}),
    nameOf);

INSTANTIATE_TEST_SUITE_P(Host, RefusedHeadTest,
                         ::testing::Values(Refused{"None", "GET / HTTP/1.1\r\n\r\n", "400"},
                                           Refused{"Empty", hosted(""), "400"},
                                           Refused{"Twice", hosted("a\r\nHost: a"), "400"},
                                           Refused{"TwiceDiffering", hosted("a\r\nhost: b"), "400"},
                                           Refused{"List", hosted("a, b"), "400"},
                                           Refused{"Space", hosted("a b"), "400"},
                                           Refused{"Path", hosted("a/b"), "400"},
                                           Refused{"User", hosted("u@a"), "400"},
                                           Refused{"Port", hosted("a:x"), "400"},
                                           Refused{"HugePort", hosted("a:65536"), "400"},
                                           Refused{"PortAlone", hosted(":80"), "400"},
                                           Refused{"OpenBracket", hosted("[::1"), "400"},
                                           Refused{"NotAnAddress", hosted("[zz]"), "400"},
                                           Refused{"Wide", hosted("\xc3\xa9.de"), "400"}),
                         nameOf);

// Bodies: the request reaches the host, its body fails, and nothing after it is read.
class RefusedBodyTest : public ServerTest, public ::testing::WithParamInterface<Refused> {};

TEST_P(RefusedBodyTest, FailsTheBodyAndEndsTheConnection) {
  options.limits.headerBytesMax = 300;
  options.limits.headerFieldsMax = 8;
  start();
  TestClient client(port);
  client.write(kChunked);
  const Event request = sink.next(Kind::kRequest);
  client.write(GetParam().bytes + kSmuggled);
  Event piece = sink.next(Kind::kBody);
  while (!piece.flag) piece = sink.next(Kind::kBody);
  EXPECT_TRUE(piece.failed);
  const Event done = sink.next(Kind::kDone);
  EXPECT_EQ(done.handle, request.handle);
  EXPECT_FALSE(done.flag);
  EXPECT_EQ(client.readToEnd().find(std::string("HTTP/1.1 ") + GetParam().status), 0U);
  EXPECT_TRUE(sink.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Chunks, RefusedBodyTest,
    ::testing::Values(
        Refused{"NotHex", "zz\r\nab\r\n0\r\n\r\n", "400"},
        Refused{"Prefix", "0x2\r\nab\r\n0\r\n\r\n", "400"},
        Refused{"Negative", "-2\r\nab\r\n0\r\n\r\n", "400"},
        Refused{"Plus", "+2\r\nab\r\n0\r\n\r\n", "400"},
        Refused{"Empty", "\r\nab\r\n0\r\n\r\n", "400"},
        Refused{"Indented", " 2\r\nab\r\n0\r\n\r\n", "400"},
        Refused{"Overflow", "10000000000000002\r\nab\r\n0\r\n\r\n", "400"},
        Refused{"BareLf", "2\nab\r\n0\r\n\r\n", "400"},
        Refused{"BareLfAfterData", "2\r\nab\n0\r\n\r\n", "400"},
        Refused{"LongerThanSaid", "2\r\nabc\r\n0\r\n\r\n", "400"},
        Refused{"ShorterThanSaid", "5\r\nab\r\n0\r\n\r\n", "400"},
        Refused{"LfInExtension", "2;a\nb\r\nab\r\n0\r\n\r\n", "400"},
        Refused{"CrInExtension", "2;a\rb\r\nab\r\n0\r\n\r\n", "400"},
        Refused{"NulInExtension", std::string("2;a\0b\r\nab\r\n0\r\n\r\n", 16), "400"},
        Refused{"OpenQuoteInExtension", "2;a=\"b\r\nab\r\n0\r\n\r\n", "400"},
        Refused{"LongExtension", "2;" + std::string(500, 'x') + "\r\nab\r\n0\r\n\r\n", "400"},
        Refused{"BadTrailer", "0\r\nBad Trailer: x\r\n\r\n", "400"},
        Refused{"LongTrailers", "0\r\nX: " + std::string(400, 'x') + "\r\n\r\n", "431"},
        Refused{"ManyTrailers",
                "0\r\nA: 1\r\nB: 1\r\nC: 1\r\nD: 1\r\nE: 1\r\nF: 1\r\nG: 1\r\nH: 1\r\nI: 1\r\n\r\n",
                "431"}),
    nameOf);

// What looks odd and is allowed.
struct Taken {
  const char* name;
  std::string bytes;
  const char* target;
};

class TakenTest : public ServerTest, public ::testing::WithParamInterface<Taken> {};

TEST_P(TakenTest, ReachesTheHost) {
  start();
  TestClient client(port);
  client.write(GetParam().bytes);
  const Event request = sink.next(Kind::kRequest);
  EXPECT_EQ(request.head.target, GetParam().target);
  post(respond(request.handle, "taken"));
  EXPECT_EQ(client.readUntil("taken").find("HTTP/1.1 200"), 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Http, TakenTest,
    ::testing::Values(
        Taken{"EmptyLinesBefore", "\r\n\r\n" + get("/"), "/"},
        Taken{"AbsoluteForm", get("http://b:81/p?q"), "http://b:81/p?q"},
        Taken{"AbsoluteFormWithoutPath", get("HTTPS://b?q"), "HTTPS://b?q"},
        Taken{"AsteriskForm", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "*"},
        Taken{"DoubleSlash", get("//b/c"), "//b/c"}, Taken{"OddPercent", get("/%zz?%"), "/%zz?%"},
        Taken{"Utf8", get("/\xc3\xa9"), "/\xc3\xa9"},
        Taken{"UnencodedQuery", get("/?{|}^`\\"), "/?{|}^`\\"},
        Taken{"NoHostInHttp10", "GET / HTTP/1.0\r\n\r\n", "/"},
        Taken{"AddressAsHost", hosted("[::1]:8080"), "/"}, Taken{"EmptyPort", hosted("a:"), "/"},
        Taken{"EmptyValue", field("X:"), "/"}, Taken{"TabInValue", field("X: a\tb"), "/"},
        Taken{"WideValue", field("X: \xc3\xa9"), "/"},
        Taken{"ProxyConnection", field("Proxy-Connection: @ \"x"), "/"},
        Taken{"LengthZero", "GET /z HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", "/z"},
        Taken{"UpperCaseChunked",
              kPost + "Transfer-Encoding: CHUNKED\r\n\r\n2;a=b;c=\"d\"\r\nab\r\n0\r\nT: t\r\n\r\n",
              "/"}),
    [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace holdfast::net
