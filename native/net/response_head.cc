#include "net/response_head.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace holdfast::net {
namespace {

bool equalsIgnoringCase(std::string_view a, std::string_view lowerCase) {
  if (a.size() != lowerCase.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    const char c = a[i] >= 'A' && a[i] <= 'Z' ? static_cast<char>(a[i] + ('a' - 'A')) : a[i];
    if (c != lowerCase[i]) return false;
  }
  return true;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool listHas(std::string_view list, std::string_view lowerCase) {
  while (!list.empty()) {
    const size_t comma = list.find(',');
    if (equalsIgnoringCase(trim(list.substr(0, comma)), lowerCase)) return true;
    if (comma == std::string_view::npos) break;
    list.remove_prefix(comma + 1);
  }
  return false;
}

// What the application's fields say about things the server decides.
struct ApplicationFields {
  std::string kept;  // the fields that pass; Content-Length is not among them
  std::optional<uint64_t> contentLength;
  bool close = false;
  bool date = false;
};

ApplicationFields readFields(std::string_view headers) {
  ApplicationFields fields;
  fields.kept.reserve(headers.size());
  while (!headers.empty()) {
    const size_t end = headers.find("\r\n");
    const size_t size = end == std::string_view::npos ? headers.size() : end + 2;
    const std::string_view line = headers.substr(0, size);
    headers.remove_prefix(size);
    const size_t colon = line.find(':');
    const std::string_view name = line.substr(0, colon);
    const char first = name.empty() ? '\0' : static_cast<char>(name[0] | 0x20);
    if (first == 'c' || first == 't' || first == 'd') {
      const std::string_view value = trim(line.substr(colon + 1, size - colon - 3));
      if (equalsIgnoringCase(name, "transfer-encoding")) continue;
      if (equalsIgnoringCase(name, "connection")) {
        fields.close = fields.close || listHas(value, "close");
        continue;
      }
      if (equalsIgnoringCase(name, "content-length")) {
        uint64_t length = 0;
        const auto parsed = std::from_chars(value.data(), value.data() + value.size(), length);
        if (parsed.ec == std::errc() && parsed.ptr == value.data() + value.size()) {
          fields.contentLength = length;
        }
        continue;
      }
      fields.date = fields.date || equalsIgnoringCase(name, "date");
    }
    fields.kept.append(line);
  }
  return fields;
}

void appendNumber(std::string& out, uint64_t number) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  out.append(digits.data(), end.ptr);
}

void appendLength(std::string& out, uint64_t length) {
  out.append("Content-Length: ");
  appendNumber(out, length);
  out.append("\r\n");
}

void appendStatusLine(std::string& out, uint16_t status, std::string_view reason) {
  out.append("HTTP/1.1 ");
  appendNumber(out, status);
  out.push_back(' ');
  out.append(reason.empty() ? reasonPhrase(status) : reason);
  out.append("\r\n");
}

// Decides the framing and writes its field.
void frame(ResponseHead& head, const ResponseRequest& request, uint16_t status,
           const ApplicationFields& fields, std::optional<uint64_t> bodyBytes) {
  if (status < 200 || status == 204) return;
  if (status == 304 || request.head) {
    // The length a GET would have had: what the application says, else what it gave.
    if (fields.contentLength) {
      appendLength(head.text, *fields.contentLength);
    } else if (status != 304 && bodyBytes) {
      appendLength(head.text, *bodyBytes);
    } else if (status != 304 && !request.http10) {
      head.text.append("Transfer-Encoding: chunked\r\n");
    }
    return;
  }
  const std::optional<uint64_t> length = bodyBytes ? bodyBytes : fields.contentLength;
  if (status == 205 || length) {
    head.framing = BodyFraming::kLength;
    head.length = status == 205 ? 0 : *length;
    appendLength(head.text, head.length);
  } else if (request.http10) {
    head.framing = BodyFraming::kUntilClose;
    head.close = true;
  } else {
    head.framing = BodyFraming::kChunked;
    head.text.append("Transfer-Encoding: chunked\r\n");
  }
}

}  // namespace

ResponseHead writeResponseHead(const ResponseRequest& request, uint16_t status,
                               std::string_view headers, std::optional<uint64_t> bodyBytes,
                               std::string_view date, std::string_view reason) {
  const ApplicationFields fields = readFields(headers);
  ResponseHead head;
  head.close = fields.close || !request.keepAlive;
  head.text.reserve(160 + fields.kept.size() +
                    (bodyBytes && *bodyBytes <= 4096 ? static_cast<size_t>(*bodyBytes) : 0));
  appendStatusLine(head.text, status, reason);
  head.text.append(fields.kept);
  frame(head, request, status, fields, bodyBytes);
  if (head.close) {
    head.text.append("Connection: close\r\n");
  } else if (request.http10) {
    head.text.append("Connection: keep-alive\r\n");
  }
  if (!fields.date) {
    head.text.append("Date: ");
    head.text.append(date);
    head.text.append("\r\n");
  }
  head.text.append("\r\n");
  return head;
}

std::string writeErrorResponse(uint16_t status, std::string_view date, bool isHead) {
  std::string body;
  appendNumber(body, status);
  body.push_back(' ');
  body.append(reasonPhrase(status));
  body.push_back('\n');
  ResponseRequest request;
  request.keepAlive = false;
  ResponseHead head =
      writeResponseHead(request, status, "Content-Type: text/plain\r\n", body.size(), date);
  if (!isHead) head.text += body;
  return std::move(head.text);
}

std::string_view reasonPhrase(uint16_t status) {
  struct Phrase {
    uint16_t status;
    std::string_view text;
  };
  static constexpr auto kPhrases = std::to_array<Phrase>({
      {100, "Continue"},
      {101, "Switching Protocols"},
      {103, "Early Hints"},
      {200, "OK"},
      {201, "Created"},
      {202, "Accepted"},
      {203, "Non-Authoritative Information"},
      {204, "No Content"},
      {205, "Reset Content"},
      {206, "Partial Content"},
      {207, "Multi-Status"},
      {208, "Already Reported"},
      {226, "IM Used"},
      {300, "Multiple Choices"},
      {301, "Moved Permanently"},
      {302, "Found"},
      {303, "See Other"},
      {304, "Not Modified"},
      {305, "Use Proxy"},
      {307, "Temporary Redirect"},
      {308, "Permanent Redirect"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {402, "Payment Required"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {406, "Not Acceptable"},
      {407, "Proxy Authentication Required"},
      {408, "Request Timeout"},
      {409, "Conflict"},
      {410, "Gone"},
      {411, "Length Required"},
      {412, "Precondition Failed"},
      {413, "Payload Too Large"},
      {414, "URI Too Long"},
      {415, "Unsupported Media Type"},
      {416, "Range Not Satisfiable"},
      {417, "Expectation Failed"},
      {418, "I'm a teapot"},
      {421, "Misdirected Request"},
      {422, "Unprocessable Entity"},
      {423, "Locked"},
      {424, "Failed Dependency"},
      {426, "Upgrade Required"},
      {428, "Precondition Required"},
      {429, "Too Many Requests"},
      {431, "Request Header Fields Too Large"},
      {451, "Unavailable For Legal Reasons"},
      {500, "Internal Server Error"},
      {501, "Not Implemented"},
      {502, "Bad Gateway"},
      {503, "Service Unavailable"},
      {504, "Gateway Timeout"},
      {505, "HTTP Version Not Supported"},
      {506, "Variant Also Negotiates"},
      {507, "Insufficient Storage"},
      {508, "Loop Detected"},
      {510, "Not Extended"},
      {511, "Network Authentication Required"},
  });
  for (const Phrase& phrase : kPhrases) {
    if (phrase.status == status) return phrase.text;
  }
  static constexpr std::array<std::string_view, 4> kClasses{"Successful", "Redirection",
                                                            "Client Error", "Server Error"};
  return status >= 200 && status < 600 ? kClasses.at(status / 100 - 2) : std::string_view();
}

std::string formatHttpDate(int64_t unixSeconds) {
  using namespace std::chrono;
  static constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed",
                                                    "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const sys_seconds at{seconds{unixSeconds}};
  const sys_days day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss time{at - day};
  std::array<char, 64> text{};
  const int size = std::snprintf(
      text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
      kDays[weekday{day}.c_encoding()], static_cast<unsigned>(date.day()),
      kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
      static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
      static_cast<int>(time.seconds().count()));
  return {text.data(), static_cast<size_t>(size)};
}

}  // namespace holdfast::net
