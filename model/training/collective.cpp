#include "model/training/collective.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace atlas::training {

namespace {

using Op = CollectiveOp;
using Algorithm = CollectiveAlgorithm;

constexpr double kNone = std::numeric_limits<double>::infinity(); ///< the operation has no such algorithm

/// A group of ranks as one flat algorithm sees it.
struct Group {
    double ranks = 1;
    double bytesPerS = 0;
    double latencyS = 0;
    bool ring = false; ///< neighbours only
    bool inNetwork = false;
};

double log2Of(double n) {
    return std::ceil(std::log2(std::max(1.0, n)));
}

double ringS(Op op, double bytes, const Group& g) {
    const double step = g.latencyS + bytes / (g.ranks * g.bytesPerS);
    switch (op) {
    case Op::AllReduce:
        return 2 * (g.ranks - 1) * step;
    case Op::AllGather:
    case Op::ReduceScatter:
        return (g.ranks - 1) * step;
    case Op::Broadcast: // a pipeline of small pieces
        return (g.ranks - 1) * g.latencyS + bytes / g.bytesPerS;
    case Op::AllToAll:
    case Op::Send:
        break;
    }
    return kNone;
}

double treeS(Op op, double bytes, const Group& g) {
    // On a ring the steps of a tree span 1, 2, 4, ... hops and share the links on their way.
    const double hops = g.ring ? std::max(1.0, g.ranks / 2) : log2Of(g.ranks);
    const double share = (g.ranks - 1) / g.ranks;
    const double contention = g.ring ? std::max(1.0, g.ranks / 4) : 1;
    switch (op) {
    case Op::AllReduce:
        return g.inNetwork ? 2 * g.latencyS + bytes / g.bytesPerS
                           : 2 * (hops * g.latencyS + contention * bytes / g.bytesPerS);
    case Op::AllGather:
    case Op::ReduceScatter:
        return hops * g.latencyS + contention * share * bytes / g.bytesPerS;
    case Op::Broadcast:
        return hops * g.latencyS + bytes / g.bytesPerS;
    case Op::AllToAll:
    case Op::Send:
        break;
    }
    return kNone;
}

double directS(Op op, double bytes, const Group& g) {
    const double share = (g.ranks - 1) / g.ranks;
    const double hops = g.ring ? std::max(1.0, g.ranks / 2) : 1;
    const double volume = g.ring ? bytes * std::max(share, g.ranks / 8) : bytes * share;
    const double once = hops * g.latencyS + volume / g.bytesPerS;
    switch (op) {
    case Op::AllReduce:
        return 2 * once;
    case Op::AllGather:
    case Op::ReduceScatter:
    case Op::AllToAll:
        return once;
    case Op::Broadcast: // the root sends n - 1 copies
        return hops * g.latencyS + (g.ranks - 1) * bytes / g.bytesPerS;
    case Op::Send:
        return g.latencyS + bytes / g.bytesPerS;
    }
    return kNone;
}

Group groupOf(const NetworkLevel& level) {
    return {static_cast<double>(level.size), level.bytesPerS, level.latencyS,
            level.kind == NetworkLevel::Kind::Ring, level.inNetworkReduction};
}

/// All ranks as one group: the slowest bandwidth, the longest latency.
Group flattened(std::span<const NetworkLevel> levels) {
    Group flat = groupOf(levels.front());
    for (const NetworkLevel& level : levels.subspan(1)) {
        const Group g = groupOf(level);
        flat.ranks *= g.ranks;
        flat.bytesPerS = std::min(flat.bytesPerS, g.bytesPerS);
        flat.latencyS = std::max(flat.latencyS, g.latencyS);
        flat.ring = flat.ring || g.ring;
        flat.inNetwork = flat.inNetwork && g.inNetwork;
    }
    return flat;
}

/// Latency and volume of one level's part, of the algorithm that is best for it.
struct Phase {
    double latencyS = 0;
    double volumeS = 0;
};

Phase phaseOf(Op op, double bytes, const Group& g) {
    const double share = (g.ranks - 1) / g.ranks;
    const double twice = op == Op::AllReduce ? 2 : 1;
    const double steps = g.ring ? g.ranks - 1 : std::min(g.ranks - 1, log2Of(g.ranks));
    if (op == Op::Broadcast) {
        return {steps * g.latencyS, bytes / g.bytesPerS};
    }
    if (op == Op::AllReduce && g.inNetwork && g.ranks > 1) { // up to the switch and down again
        return {2 * g.latencyS, bytes / g.bytesPerS};
    }
    return {(op == Op::AllReduce ? 2 : 1) * steps * g.latencyS, twice * share * bytes / g.bytesPerS};
}

double hierarchicalS(Op op, double bytes, std::span<const NetworkLevel> levels) {
    if (op == Op::Send) {
        return kNone;
    }
    double ranks = 1;
    for (const NetworkLevel& level : levels) {
        ranks *= static_cast<double>(level.size);
    }
    if (op == Op::AllToAll) {
        // What leaves a group of the level below passes this level; all levels carry at the same time.
        double slowest = 0;
        double latency = 0;
        double joined = 1;
        for (const NetworkLevel& level : levels) {
            const Group g = groupOf(level);
            const double hops = g.ring ? std::max(1.0, g.ranks / 8) : 1;
            slowest = std::max(slowest, hops * bytes * (ranks - joined) / ranks / g.bytesPerS);
            latency += g.ranks > 1 ? g.latencyS : 0;
            joined *= g.ranks;
        }
        return slowest + latency;
    }
    double best = kNone;
    constexpr int kMostChunks = 64;
    for (int chunks = 1; chunks <= kMostChunks; chunks *= 2) {
        double sum = 0;
        double slowest = 0;
        double joined = 1;
        for (const NetworkLevel& level : levels) {
            const Group g = groupOf(level);
            const double here = op == Op::Broadcast ? bytes : bytes / joined;
            const Phase phase = phaseOf(op, here, g);
            const double time = phase.latencyS + phase.volumeS / chunks;
            sum += time;
            slowest = std::max(slowest, time);
            joined *= g.ranks;
        }
        best = std::min(best, sum + (chunks - 1) * slowest);
    }
    return best;
}

double flatS(Algorithm algorithm, Op op, double bytes, const Group& group) {
    if (group.ranks <= 1) {
        return op == Op::Send ? directS(op, bytes, group) : 0;
    }
    switch (algorithm) {
    case Algorithm::Ring:
        return ringS(op, bytes, group);
    case Algorithm::Tree:
        return treeS(op, bytes, group);
    case Algorithm::Direct:
        return directS(op, bytes, group);
    case Algorithm::Auto:
    case Algorithm::Hierarchical:
        break;
    }
    return kNone;
}

double busFactor(Op op, double ranks) {
    switch (op) {
    case Op::AllReduce:
        return 2 * (ranks - 1) / ranks;
    case Op::AllGather:
    case Op::ReduceScatter:
    case Op::AllToAll:
        return (ranks - 1) / ranks;
    case Op::Broadcast:
    case Op::Send:
        break;
    }
    return 1;
}

Diagnostics problemsOf(double bytes, std::span<const NetworkLevel> levels) {
    Diagnostics errors;
    const auto refuse = [&](const std::string& message, const std::string& remedy) {
        errors.push_back({Severity::Error, {}, message, remedy});
    };
    if (levels.empty()) {
        refuse("a collective needs at least one level", "name one with --level");
    }
    if (!(bytes >= 0) || !std::isfinite(bytes)) {
        refuse("the size of the buffer is negative or no number", "give it in bytes");
    }
    for (std::size_t i = 0; i < levels.size(); ++i) {
        const std::string where = "level " + std::to_string(i + 1);
        if (levels[i].size < 1) {
            refuse("the size of " + where + " is below 1", "give it at least one member");
        }
        if (!(levels[i].bytesPerS > 0) || !std::isfinite(levels[i].bytesPerS)) {
            refuse("the bandwidth of " + where + " is not positive", "give it in bytes per second");
        }
        if (!(levels[i].latencyS >= 0)) {
            refuse("the latency of " + where + " is negative", "give it in seconds");
        }
    }
    return errors;
}

} // namespace

std::string_view name(CollectiveOp op) {
    constexpr std::array<std::string_view, 6> kNames = {"all-reduce", "all-gather", "reduce-scatter",
                                                        "all-to-all", "broadcast",  "send"};
    return kNames[static_cast<std::size_t>(op)];
}

std::string_view name(CollectiveAlgorithm algorithm) {
    constexpr std::array<std::string_view, 5> kNames = {"auto", "ring", "tree", "direct", "hierarchical"};
    return kNames[static_cast<std::size_t>(algorithm)];
}

Result<CollectiveResult> collective(CollectiveOp op, double bytes, std::span<const NetworkLevel> levels,
                                    CollectiveAlgorithm algorithm) {
    const Diagnostics errors = problemsOf(bytes, levels);
    if (!errors.empty()) {
        return errors;
    }
    const Group flat = flattened(levels);
    CollectiveResult result;
    result.ranks = static_cast<std::int64_t>(flat.ranks);
    result.timeS = kNone;
    for (const Algorithm one :
         {Algorithm::Ring, Algorithm::Tree, Algorithm::Direct, Algorithm::Hierarchical}) {
        if (algorithm != Algorithm::Auto && algorithm != one) {
            continue;
        }
        if (algorithm == Algorithm::Auto && one == Algorithm::Hierarchical && levels.size() == 1) {
            continue; // one level has no hierarchy
        }
        const double time =
            one == Algorithm::Hierarchical ? hierarchicalS(op, bytes, levels) : flatS(one, op, bytes, flat);
        if (time < result.timeS) {
            result.timeS = time;
            result.algorithm = one;
        }
    }
    if (!std::isfinite(result.timeS)) {
        return failure(std::string(name(op)) + " has no " + std::string(name(algorithm)) + " algorithm",
                       "choose another one, or auto");
    }
    result.busBytesPerS = result.timeS > 0 ? bytes / result.timeS * busFactor(op, flat.ranks) : 0;
    return result;
}

} // namespace atlas::training
