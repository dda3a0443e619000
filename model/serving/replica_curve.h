// How long a replica takes for what, as the queues need it: tabulated once from the rooflines, cheap to ask.
#pragma once

#include "model/serving/request_class.h"

#include <cstdint>
#include <string>
#include <vector>

namespace atlas::serving {

/// Time of one step of a continuous batch of b sequences with n cached tokens each: stepS(b) + b n contextS.
struct ReplicaCurve {
    int gpus = 0;      ///< of a replica
    int groups = 1;    ///< parts that read prompts each for itself, side by side
    double places = 0; ///< sequences that the cache holds, at the mean context of the service
    std::string layout;
    double contextS = 0;       ///< a cached token of a sequence and step
    double promptS = 0;        ///< of the replica, a new token of a prompt
    double promptDepthS = 0;   ///< of the replica, a new token and token before it
    double chunkTokens = 0;    ///< new tokens that a group reads in one step at most
    std::vector<double> batch; ///< growing, from 1
    std::vector<double> step;  ///< seconds, without reading the cache

    /// Linear between the points of the table, level outside.
    [[nodiscard]] double stepS(double b) const;
    [[nodiscard]] double stepS(double b, double context) const { return stepS(b) + b * context * contextS; }
    /// A curve of two numbers, for tests and small models: fixed + perSequence b.
    [[nodiscard]] static ReplicaCurve line(double fixedS, double perSequenceS, double places,
                                           double promptS = 0);
};

/// What the requests of one kind ask of a replica.
struct RequestCost {
    double promptS = 0;        ///< of the replica, reading a prompt, mean
    double promptSquareS2 = 0; ///< the same, mean of squares
    double promptCubeS3 = 0;   ///< and of cubes
    double output = 0;         ///< tokens, mean
    double context = 0;        ///< cached tokens while writing, mean
    /// Seconds to read one prompt of `input` tokens: new tokens at the depth they lie at.
    [[nodiscard]] double promptOf(double input) const { return input * (linear + square * input); }
    double linear = 0, square = 0;
};
[[nodiscard]] RequestCost costOf(const ReplicaCurve& curve, const RequestClass& requests);

/// Replica-seconds of one request when batches are of `b`: its prompt, and its tokens' share of the steps.
[[nodiscard]] inline double workS(const ReplicaCurve& curve, const RequestCost& cost, double b,
                                  double meanContext) {
    return cost.promptS + cost.output * curve.stepS(b, meanContext) / b;
}

} // namespace atlas::serving
