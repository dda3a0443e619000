#include "model/operations/events.h"

#include "model/units/quantity.h"

#include <cstdio>

namespace atlas::operations {

const char* name(EventKind kind) {
    constexpr const char* kNames[] = {"fail-stop", "fail-slow", "planned", "eviction"};
    return kNames[static_cast<std::size_t>(kind)];
}

const char* name(Component component) {
    constexpr const char* kNames[] = {"gpu",      "tray",    "link", "leaf",   "rack",  "hall", "feed",
                                      "software", "thermal", "host", "bundle", "power", "job"};
    return kNames[static_cast<std::size_t>(component)];
}

std::string eventsCsv(const cluster::Cluster& cluster, std::span<const Event> events) {
    std::string csv = "time_s,kind,component,gpu,duration_s,slowdown\n";
    for (const Event& event : events) {
        char line[160];
        const bool everywhere = event.part.kind == cluster::PartKind::Cluster;
        cluster::Index gpu = cluster::kNone;
        if (event.part.kind == cluster::PartKind::Switch) {
            const auto under = gpusUnderLeaf(cluster, event.part.index);
            gpu = under.empty() ? cluster::kNone : under.front();
        } else if (!everywhere && event.part.kind != cluster::PartKind::LinkGroup) {
            gpu = gpusOf(cluster, event.part).first;
        }
        const std::string which = gpu == cluster::kNone ? "" : std::to_string(gpu);
        std::snprintf(line, sizeof line, "%.3f,%s,%s,%s,%.3f,", event.timeS, name(event.kind),
                      name(event.component), which.c_str(), event.durationS);
        csv += line;
        if (event.kind == EventKind::FailSlow) {
            std::snprintf(line, sizeof line, "%.6g", event.slowdown);
            csv += line;
        }
        csv += '\n';
    }
    return csv;
}

std::string eventText(const cluster::Cluster& cluster, const Event& event) {
    const std::string where = partName(cluster, event.part);
    switch (event.kind) {
    case EventKind::Planned:
        return "planned restart";
    case EventKind::Eviction:
        return where + " is evicted";
    case EventKind::FailSlow: {
        const std::string share = units::formatShare(1 - 1 / event.slowdown);
        switch (event.component) {
        case Component::Link:
            return "link of " + where + " moves " + share + " less";
        case Component::Bundle:
            return where + " moves " + share + " less";
        case Component::Power:
            return where + " runs " + share + " slower under a power cap";
        default:
            return where + " computes " + share + " slower";
        }
    }
    case EventKind::FailStop:
        break;
    }
    switch (event.component) {
    case Component::Software:
        return "software failure";
    case Component::Link:
        return "link of " + where + " is down";
    case Component::Hall:
        return where + " loses its cooling";
    case Component::Feed:
        return where + " loses its power";
    default:
        return where + " fails";
    }
}

} // namespace atlas::operations
