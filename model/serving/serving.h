// Inference: what each class of GPU serves. Replicas run independently, so a mix does no harm.
#pragma once

#include "model/serving/serving_constants.h"
#include "model/training/machine.h"

#include <string>
#include <vector>

namespace atlas::serving {

struct ClassRate {
    std::string gpu;
    std::string pool;
    std::int64_t count = 0;
    std::int64_t replicas = 0;
    std::string layout;  ///< "TP8", "EP32"; empty where the model does not fit
    int replicaGpus = 0; ///< tensor/expert parallel inside a replica; 0: nothing can be served, see reason
    std::string reason;  ///< why nothing can be served or what bounds it ("HBM bandwidth in decode")
    int batchPerReplica = 0;
    double prefillTokensPerSPerGpu = 0; ///< of a GPU doing only prefill, new tokens
    double decodeTokensPerSPerGpu = 0;  ///< of a GPU doing only decode, at the SLO's time per token
    /// With the request mix, prefill and decode sharing the GPU, sustained within the SLO; mean over all GPUs
    /// of the class, so that times `count` it is the class's total.
    double outputTokensPerSPerGpu = 0;
    double prefillShare = 0;  ///< share of the GPU's time in prefill
    double timePerTokenS = 0; ///< at that batch
    double firstTokenS = 0;   ///< floor, on an idle replica
};

struct ServingRate {
    double outputTokensPerS = 0; ///< at full load
    double inputTokensPerS = 0;
    double meanUtilisation = 0; ///< over the week at peak-provisioned demand
    double usersServed = 0;     ///< users whose weekday peak the machine carries
    double sloAttainment = 0;   ///< share of requests within the time per token
    std::vector<ClassRate> classes;
    std::vector<std::string> notes;
};

/// What a machine serves of `job`: each pool on its own, totals over the pools. The roofline per class is
/// described in roofline.h, batching in batching.h, demand in demand.h. Errors: a model or job with missing
/// numbers; a model that no class can serve within the objectives, with the reason of each class.
[[nodiscard]] Result<ServingRate> servingRate(const training::Machine& machine,
                                              const scenario::Transformer& model,
                                              const scenario::ServeJob& job);

/// The same with constants other than the compiled-in ones (Monte Carlo, sensitivity).
[[nodiscard]] Result<ServingRate> servingRate(const training::Machine& machine,
                                              const scenario::Transformer& model,
                                              const scenario::ServeJob& job,
                                              const ServingConstants& constants);

} // namespace atlas::serving
