// Continuous batching: the largest batch that memory and the latency objective allow, with prompts being read
// between the steps, and the layout of the replica that makes the most of a GPU.
#pragma once

#include "model/serving/request_mix.h"
#include "model/serving/roofline.h"

#include <cmath>
#include <optional>

namespace atlas::serving {

/// A replica at its working point.
struct WorkingPoint {
    ReplicaLayout layout;
    double batch = 0;             ///< sequences, mean
    std::string limit;            ///< what bounds the batch
    StepTime step;                ///< at that batch, prompts included
    double tokenS = 0;            ///< seconds a token of the answer, mean
    double firstTokenS = 0;       ///< 99 of 100 requests, waiting included
    double outputTokensPerS = 0;  ///< of the replica, saturated
    double prefillShare = 0;      ///< of its time
    double prefillTokensPerS = 0; ///< of the replica doing nothing else
    double decodeTokensPerS = 0;  ///< of the replica doing nothing else, within the objective
};

/// Mean of the largest of `count` independent Poisson numbers of mean `mean`.
[[nodiscard]] double largestPoisson(double mean, double count);

/// Mean time of a step of `batch` sequences in which `promptTokens` are read beside them on average. Prompts
/// come in pieces (whole, or in chunks), a Poisson number of them a step: most steps of a small batch read
/// none. Where prompts are not read in chunks they take steps of their own.
[[nodiscard]] StepTime stepWithPrompts(const Replica& replica, const RequestMix& mix, double batch,
                                       double promptTokens);

/// Time of a step of `batch` sequences with the prompts that must be read meanwhile so that the batch stays
/// full, and with the draft of speculative decoding.
[[nodiscard]] StepTime mixedStep(const Replica& replica, const RequestMix& mix, double batch);

/// Seconds a token as a user sees it, mean: a mixed step over the tokens it yields.
[[nodiscard]] double tokenSeconds(const Replica& replica, const RequestMix& mix, double batch);

/// The same without prompts.
[[nodiscard]] double decodeSeconds(const Replica& replica, const RequestMix& mix, double batch);

/// Time to the first token that 99 of 100 requests keep when `replicas` replicas run batches of `batch`, one
/// queue in front of them all. Infinite where prompts come faster than they can be read.
[[nodiscard]] double firstTokenSeconds(const Replica& replica, const RequestMix& mix, double batch,
                                       std::int64_t replicas);

/// Sequences whose cache fits.
[[nodiscard]] double fittingBatch(const Replica& replica, const RequestMix& mix);

/// The largest batch in [1, most] for which `holds` is true, to 4 digits; it must hold for every smaller
/// batch then. 0 where it does not hold for 1. Not rounded: it is the mean of a batch that comes and goes.
template <class Holds>
double largestBatch(double most, const Holds& holds) {
    if (most < 1.0 || !holds(1.0)) {
        return 0;
    }
    if (holds(most)) {
        return most;
    }
    double inside = 1.0;
    double outside = most;
    while (outside / inside > 1.0001) {
        const double middle = std::sqrt(inside * outside);
        (holds(middle) ? inside : outside) = middle;
    }
    return inside;
}

/// Batch, limit, time per token and rate of the working point of one layout, of which there are `replicas`:
/// what layouts are compared by. Empty with `reason` set where nothing can be served.
[[nodiscard]] std::optional<WorkingPoint> saturatedPoint(const Replica& replica, const RequestMix& mix,
                                                         std::int64_t replicas, std::string& reason);
/// Fills in what such a point leaves out.
void completePoint(const Replica& replica, const RequestMix& mix, std::int64_t replicas, WorkingPoint& point);

/// The whole working point.
[[nodiscard]] std::optional<WorkingPoint> workingPoint(const Replica& replica, const RequestMix& mix,
                                                       std::int64_t replicas, std::string& reason);

} // namespace atlas::serving
