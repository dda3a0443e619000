#include "model/operations/account.h"

#include <numeric>

namespace atlas::operations {

double Account::waitGpuSeconds() const {
    return std::accumulate(waitGpuS.begin(), waitGpuS.end(), 0.0);
}

double Account::stallGpuHours() const {
    return std::accumulate(stallGpuSByClass.begin(), stallGpuSByClass.end(), 0.0) / 3600;
}

double stallUsd(const Account& account, const cluster::Cluster& cluster) {
    double usd = 0;
    for (std::size_t c = 0; c < account.stallGpuSByClass.size(); ++c) {
        usd += account.stallGpuSByClass[c] / 3600 * cluster.gpuClasses[c].rentUsdPerGpuHour.value;
    }
    return usd;
}

} // namespace atlas::operations
