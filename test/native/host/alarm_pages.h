// pageOf(): what an index with these alarms answers. For the engines that tests make up.
#pragma once

#include <algorithm>
#include <tuple>
#include <vector>

#include "storage/engine.h"

namespace holdfast::host {

inline storage::AlarmPage pageOf(std::vector<storage::StoredAlarm> alarms,
                                 const storage::AlarmPosition& after, size_t most) {
  const auto placeOf = [](const auto& alarm) { return std::tie(alarm.at, alarm.idHex); };
  std::erase_if(
      alarms, [&](const storage::StoredAlarm& alarm) { return placeOf(alarm) <= placeOf(after); });
  std::sort(alarms.begin(), alarms.end(),
            [&](const auto& left, const auto& right) { return placeOf(left) < placeOf(right); });
  const bool isLast = alarms.size() <= most;
  if (!isLast) alarms.resize(most);
  return {.alarms = std::move(alarms), .isLast = isLast};
}

}  // namespace holdfast::host
