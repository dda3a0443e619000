#include "model/operations/outlook_capacity.h"

#include <algorithm>
#include <cmath>

namespace atlas::operations {

double lostShare(const OutlookJob& job, const OutlookClass& f, double evictionsPerS) {
    const scenario::FailStop& stop = job.rules->failStop;
    const training::Layout& layout = job.anatomy->layout;
    const double weights =
        stop.gpuWeight.value + stop.trayWeight.value + stop.linkWeight.value + stop.softwareWeight.value;
    const double broken = weights > 0 ? 1 - stop.softwareWeight.value / weights : 0;
    const double group = std::min<double>(f.domain, std::max(1, layout.tp));
    const bool inStages =
        job.anatomy->placement == training::Placement::ClassStages && job.classes.size() > 1;
    const double stages =
        inStages ? std::max(1.0, std::round(layout.pp * f.gpus / static_cast<double>(layout.gpus())))
                 : layout.pp;
    const double perReplica = std::max(1.0, static_cast<double>(layout.tp) * layout.cp * stages);
    const double replicas = std::max(1.0, std::floor(f.gpus / perReplica + 1e-9));
    const double repairS = stop.repairS.value;
    const auto lost = [&](double gpus) {
        return std::min(1.0, std::ceil(std::max(0.0, gpus - f.idle) / perReplica - 1e-9) / replicas);
    };
    // Single parts: at any time a Poisson number of them is out, each with what it leaves unusable around it.
    double out = (f.failuresPerGpuS * f.gpus * broken * stop.hardwareShare.value + evictionsPerS) * repairS;
    double each =
        std::ceil(std::min(group, f.domain) / group) * std::max(group, std::min(f.perTray, f.domain));
    if (f.standby > 0) {
        const double domains = f.gpus / (f.domain - f.standby);
        const double mean = out / domains;
        double missing = 0;
        double term = std::exp(-mean);
        for (int n = 0; n < 64; ++n) {
            const double usable = std::floor(std::max(0.0, f.domain - n * f.perTray) / group) * group;
            missing += term * std::max(0.0, f.domain - f.standby - usable);
            term *= mean / (n + 1);
        }
        each = group;
        out = domains * missing / group;
    }
    double share = 0;
    double term = std::exp(-std::min(out, 700.0));
    const int most = static_cast<int>(out + 12 * std::sqrt(out) + 20);
    for (int n = 0; n <= most; ++n) {
        share += term * lost(n * each);
        term *= out / (n + 1);
    }
    // Large parts, one at a time.
    const double more = stop.multiplier.value * repairS;
    const double underLeaf =
        std::min(f.gpus, f.leafGpus * std::max(1.0, group)); // a GPU each of as many groups
    share += f.leaves * stop.leafPerS.value * more * lost(underLeaf);
    share += f.racks * stop.rackPerS.value * more * lost(f.perRack);
    share += f.rows * stop.feedPerS.value * more * lost(f.rows > 0 ? f.gpus / f.rows : f.gpus);
    share +=
        f.halls * stop.hallPerS.value * more * lost(f.halls > 0 ? f.gpus / std::max(1.0, f.halls) : f.gpus);
    return std::min(1.0, share);
}

} // namespace atlas::operations
