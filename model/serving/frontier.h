// Throughput against interactivity: what a GPU yields the faster each user is served. A curve and not one
// number, by class of GPU and for the whole mix.
#pragma once

#include "model/serving/serving.h"

#include <string>
#include <vector>

namespace atlas::serving {

struct FrontierPoint {
    double userTokensPerS = 0;   ///< tokens/s of one answer, mean
    double tokensPerSPerGpu = 0; ///< output, of all GPUs that take part
    std::string how;             ///< layout and batch, or how the classes divide the work
};

struct Frontier {
    enum class Kind {
        Class,  ///< one class by itself
        Mix,    ///< all classes, each serving by itself
        Divided ///< all classes, prompts read on those that suit them best
    };
    Kind kind = Kind::Class;
    std::string name; ///< of the class; empty for all of them
    std::string pool; ///< likewise
    double gpus = 0;
    std::vector<FrontierPoint> points; ///< slow users first; no point where nothing can be served
};

struct FrontierRange {
    double fromTokensPerS = 8;
    double toTokensPerS = 320;
    int points = 20; ///< evenly over the logarithm
};

/// Frontiers of a machine: one a class, then, where there are several classes, the mix and the divided mix.
/// The requests are those of the job and their time to the first token is kept; the time per token is what is
/// varied. A steady full machine: no headroom for a day's peak. Convention: a user's speed is the mean one
/// (InferenceMAX). Division: disaggregation.h. Errors: a model or job with missing numbers.
[[nodiscard]] Result<std::vector<Frontier>> frontiersOf(const training::Machine& machine,
                                                        const scenario::Transformer& model,
                                                        const scenario::ServeJob& job,
                                                        const ServingConstants& constants,
                                                        const FrontierRange& range = {});

} // namespace atlas::serving
