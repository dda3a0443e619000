// Time to the first token and time per output token as distributions over requests, under chunked prefill: a
// step of the engine writes a token for every running answer and reads a chunk of the prompts that wait.
#pragma once

#include "model/serving/replica_curve.h"

#include <array>
#include <span>

namespace atlas::serving {

/// One part of a replica that reads its own prompts (ReplicaCurve::groups of them) at one load. A step reads
/// at most `chunkS` of prompts, so that answers keep their pace (Agrawal et al., "Sarathi-Serve", OSDI 2024);
/// while prompts wait, each second of reading them takes 1 + stepS / chunkS seconds.
struct GroupLoad {
    double stepS = 0;          ///< a step that reads no prompt
    double chunkS = 0;         ///< of prompts that a step reads at most
    double arrivalsPerS = 0;   ///< prompts of all kinds at this group
    double promptS = 0;        ///< to read one here, mean
    double promptSquareS2 = 0; ///< mean of squares
    /// Prompts that are read first, the interactive ones: arrivals, mean, mean square and cube.
    double urgentPerS = 0, urgentS = 0, urgentSquareS2 = 0, urgentCubeS3 = 0;
    double stepVarianceS2 = 0; ///< of stepS, as the batch varies
    double pooled = 1;         ///< groups among which the router finds the emptiest; 1: it does not look
    double waitS = 0;          ///< in the queue before all replicas
    double placeWaitS = 0;     ///< for a place in this replica, mean of all
    double placeWaitShare = 0; ///< of all that wait for one
    [[nodiscard]] double promptShare() const { return arrivalsPerS * promptS; } ///< of time; stable below 1
};

/// Wait of a prompt before it is read: M/G/c, the mean by Sakasegawa's approximation (Annals of the Institute
/// of Statistical Mathematics 29, 1977), exact for one server (Pollaczek and Khinchine); its variance that of
/// M/G/1 (Takacs), scaled.
struct PromptWait {
    double share = 0;      ///< of prompts that wait
    double meanS = 0;      ///< of those
    double varianceS2 = 0; ///< of those
};
struct PromptService {
    double meanS = 0, squareS2 = 0, cubeS3 = 0; ///< moments
};
[[nodiscard]] PromptWait promptWait(double arrivalsPerS, const PromptService& service, double servers);

/// The chunk that keeps a step within `paceS`, no larger than the engine's `mostS`, and large enough that the
/// prompts that come can be read.
[[nodiscard]] double pacedChunkS(double stepS, double promptShare, double paceS, double mostS);

/// Gamma laws, each shifted and cut at a bound, weighted as the normal strips; a share of all has a second
/// gamma on top (who waits). What a promise is held against.
struct LatencyLaw {
    struct Part {
        double shiftS = 0, meanS = 0, varianceS2 = 0;
        double boundS = 1e300; ///< beyond the shift
    };
    std::array<Part, kStrips> parts{};
    double waitShare = 0, waitMeanS = 0, waitVarianceS2 = 0;

    /// Share of requests within `limitS`.
    [[nodiscard]] double within(double limitS) const;
    [[nodiscard]] double meanS() const;
};

/// Time to the first token of urgent prompts: what is left of the running step as an arrival finds it, the
/// urgent prompts before, the prompt itself chunk by chunk, and one
/// step. Prompts are those of `cost`, which is of the whole replica, read by one of its `groups`. The strips
/// are lengths of the prompt.
[[nodiscard]] LatencyLaw firstToken(const GroupLoad& load, const RequestCost& cost, double groups,
                                    const Lengths& input);

/// Mean time per output token of an answer of L tokens: steps, and the chunks of prompts that come in
/// between. Mean stepS / (1 - rho). Variance that of a busy period begun by L steps, over L: lambda E[P^2]
/// stepS / L (1 - rho)^3 (Takacs, "Introduction to the Theory of Queues", 1962, chapter 1), never above that
/// of a single step. The strips are lengths of the answer.
[[nodiscard]] LatencyLaw perToken(const GroupLoad& load, const Lengths& output);

/// A mixture of laws by weight; a law of no weight may be anything.
struct WeightedLaw {
    double weight = 0;
    LatencyLaw law;
};
[[nodiscard]] double within(std::span<const WeightedLaw> laws, double limitS);
/// Seconds within which the shares (growing, each below 1) of requests are; 0 where nothing has weight.
[[nodiscard]] std::array<double, 3> percentiles(std::span<const WeightedLaw> laws,
                                                const std::array<double, 3>& shares);

} // namespace atlas::serving
