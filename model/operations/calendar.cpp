#include "model/operations/calendar.h"

#include <chrono>
#include <cmath>

namespace atlas::operations {

namespace {

std::chrono::sys_days firstDay(scenario::Month month) {
    return std::chrono::year{month.year()} / std::chrono::month{static_cast<unsigned>(month.month())} / 1;
}

std::chrono::sys_days dayAt(scenario::Month start, double timeS) {
    return firstDay(start) + std::chrono::days{static_cast<int>(std::floor(timeS / kDayS))};
}

} // namespace

double monthStartS(scenario::Month start, scenario::Month month) {
    return kDayS * static_cast<double>((firstDay(month) - firstDay(start)).count());
}

scenario::Month monthAt(scenario::Month start, double timeS) {
    const std::chrono::year_month_day day{dayAt(start, timeS)};
    return scenario::Month::of(static_cast<int>(day.year()),
                               static_cast<int>(static_cast<unsigned>(day.month())));
}

int weekdayAt(scenario::Month start, double timeS) {
    return static_cast<int>(std::chrono::weekday{dayAt(start, timeS)}.iso_encoding()) - 1;
}

} // namespace atlas::operations
