// What breaks or slows down by chance, laid out day by day: a pure function of seed and day, so that any day
// can be asked for first.
#pragma once

#include "model/operations/events.h"
#include "model/scenario/operations.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace atlas::operations {

/// Units of one kind that fail alike, in one island.
struct Hazard {
    EventKind kind = EventKind::FailStop;
    Component component = Component::Gpu;
    cluster::Index island = 0;
    double perUnitS = 0; ///< events per unit and second
    double repairs = 0;  ///< share of failures that leave something broken
    double lastsS = 0;   ///< fail-slow: mean duration
    double excess = 0;   ///< fail-slow: mean excess of time, relative
};

class Hazards {
public:
    /// Durations of episodes are cut off here.
    static constexpr double kLongestEpisodeS = 86'400;

    Hazards(std::shared_ptr<const cluster::Cluster> cluster, const scenario::Operations& operations,
            std::uint64_t seed, scenario::Month start);

    /// Events that begin on day `day` (0: the first of the scenario), in order of time; none before day 0.
    [[nodiscard]] std::vector<Event> onDay(std::int64_t day) const;
    /// Events that begin in [fromS, toS), in order of time.
    [[nodiscard]] std::vector<Event> between(double fromS, double toS) const;
    [[nodiscard]] const std::vector<Hazard>& hazards() const { return m_hazards; }
    /// Units of a hazard that have power in a month.
    [[nodiscard]] cluster::Index units(const Hazard& hazard, scenario::Month month) const;
    [[nodiscard]] bool none() const { return m_hazards.empty(); }

private:
    void draw(std::size_t hazard, std::int64_t day, cluster::Index units, std::vector<Event>& out) const;
    [[nodiscard]] cluster::Part partOf(const Hazard& hazard, cluster::Index unit) const;

    std::shared_ptr<const cluster::Cluster> m_cluster;
    std::vector<Hazard> m_hazards;
    double m_repairS = 0;
    double m_spread = 0;
    std::uint64_t m_seed;
    scenario::Month m_start;
};

} // namespace atlas::operations
