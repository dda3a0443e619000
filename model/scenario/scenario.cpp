#include "model/scenario/scenario.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

namespace atlas::scenario {

namespace {

template <class T>
const T* byId(const std::vector<T>& values, std::string_view id) {
    const auto found = std::ranges::find(values, id, &T::id);
    return found == values.end() ? nullptr : &*found;
}

} // namespace

std::string Month::text() const {
    std::array<char, 32> buffer{};
    const int length = std::snprintf(buffer.data(), buffer.size(), "%04d-%02d", year(), month());
    return {buffer.data(), static_cast<std::size_t>(length)};
}

std::optional<Month> Month::parse(std::string_view text) {
    int year = 0;
    int month = 0;
    const char* start = text.data();
    const char* end = start + text.size();
    if (text.size() != 7 || text[4] != '-') {
        return std::nullopt;
    }
    const auto [afterYear, yearError] = std::from_chars(start, start + 4, year);
    const auto [afterMonth, monthError] = std::from_chars(start + 5, end, month);
    if (yearError != std::errc{} || monthError != std::errc{} || afterYear != start + 4 ||
        afterMonth != end || year < 1900 || year > 2199 || month < 1 || month > 12) {
        return std::nullopt;
    }
    return Month::of(year, month);
}

const GpuClass* Scenario::gpu(std::string_view id) const {
    return byId(gpus, id);
}
const RackType* Scenario::rack(std::string_view id) const {
    return byId(racks, id);
}
const FabricType* Scenario::fabric(std::string_view id) const {
    return byId(fabrics, id);
}
const Transformer* Scenario::transformer(std::string_view id) const {
    return byId(models, id);
}
const OrbitalSite* Scenario::orbit(std::string_view id) const {
    return byId(orbits, id);
}
const Cluster* Scenario::cluster(std::string_view id) const {
    return byId(clusters, id);
}
const TrainJob* Scenario::trainJob(std::string_view id) const {
    return byId(trainJobs, id);
}
const ServeJob* Scenario::serveJob(std::string_view id) const {
    return byId(serveJobs, id);
}
const Contract* Scenario::contract(std::string_view id) const {
    return byId(contracts, id);
}
const Strategy* Scenario::strategy(std::string_view id) const {
    return byId(strategies, id);
}

} // namespace atlas::scenario
