// Collectives over a hierarchy of levels: rings, switches and fully connected groups, alpha-beta.
//
// Conventions. `bytes` is the whole buffer of a rank as nccl-tests counts it: what an all-reduce or an
// all-to-all holds, what an all-gather ends with, what a reduce-scatter starts from. Bandwidth is per member
// and direction, in 1e9-based bytes, latency per hop. A member cannot send faster than its bandwidth, however
// many peers it sends to.
#pragma once

#include "model/training/machine.h"

#include <span>
#include <string_view>

namespace atlas::training {

enum class CollectiveOp { AllReduce, AllGather, ReduceScatter, AllToAll, Broadcast, Send };
enum class CollectiveAlgorithm { Auto, Ring, Tree, Direct, Hierarchical };

[[nodiscard]] std::string_view name(CollectiveOp op);
[[nodiscard]] std::string_view name(CollectiveAlgorithm algorithm);

struct CollectiveResult {
    CollectiveAlgorithm algorithm = CollectiveAlgorithm::Ring; ///< the one taken
    std::int64_t ranks = 1;
    double timeS = 0;
    /// nccl-tests' bus bandwidth: bytes / time times 2 (n - 1) / n for all-reduce, (n - 1) / n for
    /// all-gather, reduce-scatter and all-to-all, 1 for broadcast and send.
    double busBytesPerS = 0;
};

/// Time of one collective over all ranks of `levels`, innermost first.
///
/// With n ranks, S bytes, B bandwidth, a latency (Thakur, Rabenseifner, Gropp 2005; Sanders et al. 2009 for
/// the two trees):
///   ring          all-reduce 2 (n - 1) (a + S / (n B)); all-gather, reduce-scatter half of that
///   tree          all-reduce 2 (log2 n a + S / B); all-gather, reduce-scatter log2 n a + (n - 1) / n S / B
///                 (recursive doubling); broadcast log2 n a + S / B
///   direct        every pair at once: all-reduce 2 (a + (n - 1) / n S / B); all-to-all a + (n - 1) / n S /
///   B; on
///                 a ring messages travel n / 4 hops on average, so a link carries S n / 8
///   hierarchical  reduce-scatter level by level inwards out, all-gather back; level l moves S over the ranks
///                 joined below it. Cut into k chunks the levels work at the same time: the slowest level
///                 dominates, each chunk pays the latencies; the best k up to 64 is taken.
/// Flat algorithms over several levels go at the slowest bandwidth and the longest latency of their span. A
/// level that reduces in its switch (NVLS, SHARP) sends all-reduce data once instead of twice.
///
/// Errors: no level, a size below 1, a bandwidth that is not positive, a negative latency or size; an
/// algorithm the operation does not have.
[[nodiscard]] Result<CollectiveResult> collective(CollectiveOp op, double bytes,
                                                  std::span<const NetworkLevel> levels,
                                                  CollectiveAlgorithm algorithm = CollectiveAlgorithm::Auto);

} // namespace atlas::training
