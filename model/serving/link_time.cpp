#include "model/serving/link_time.h"

#include <algorithm>
#include <cmath>

namespace atlas::serving {

namespace {

constexpr double kActivationBytes = 2.0; // bf16 between layers

double nvlinkBytesPerS(const Replica& r) {
    return r.pool.nvlinkBytesPerS * r.constants.nvlinkBandwidth.value;
}

double nicBytesPerS(const Replica& r) {
    return r.pool.nicBytesPerS * r.pool.nicEfficiency;
}

} // namespace

LinkTime allReduceTime(const Replica& r) {
    const double n = r.layout.tp;
    if (n <= 1) {
        return {};
    }
    const double inside = std::min<double>(n, std::max(1, r.pool.nvlinkDomain));
    const double domains = n / inside;
    const double bytes = r.hidden * kActivationBytes;
    LinkTime t{2.0 * (inside - 1.0) / inside * bytes / nvlinkBytesPerS(r),
               r.constants.nvlinkLatencyS.value * std::log2(inside) / 3.0};
    if (domains > 1) {
        t.tokenS += 2.0 * (domains - 1.0) / domains * bytes / inside / nicBytesPerS(r);
        t.latencyS += r.constants.nicLatencyS.value * std::log2(domains);
    }
    return t;
}

LinkTime expertExchangeTime(const Replica& r, Phase phase) {
    const auto& c = r.constants;
    const double ep = r.layout.ep;
    const double domain = std::min<double>(std::max(1, r.pool.nvlinkDomain), ep);
    const double bytes = r.hidden * (r.arithmetic.dispatchBytes + kActivationBytes);
    const double nvlinkCopies = r.shape.topK * (domain - 1.0) / domain;
    LinkTime t{nvlinkCopies * bytes / nvlinkBytesPerS(r), c.exchangeLatencyS.value};
    if (ep > domain) {
        const double nodes = ep / domain;
        const double touched = nodes * (1.0 - std::pow(1.0 - 1.0 / nodes, r.shape.topK));
        const double copies = phase == Phase::Decode ? r.shape.topK : std::min(touched, c.nodeLimit.value);
        const double remote = copies * (nodes - 1.0) / nodes;
        t.tokenS = std::max(t.tokenS, remote * bytes / nicBytesPerS(r));
        t.latencyS = c.nicLatencyS.value;
    }
    return t;
}

LinkTime stageTime(const Replica& r) {
    return {r.hidden * kActivationBytes / r.layout.tp / nicBytesPerS(r), r.constants.nicLatencyS.value};
}

} // namespace atlas::serving
