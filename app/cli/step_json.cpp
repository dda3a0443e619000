#include "app/cli/step_json.h"

namespace atlas::cli {

std::vector<std::pair<std::string_view, double>> breakdownOf(const training::Breakdown& parts) {
    return {{"gemm", parts.gemm},
            {"attention", parts.attention},
            {"elementwise", parts.elementwise},
            {"tp", parts.tp},
            {"cp", parts.cp},
            {"ep", parts.ep},
            {"pp", parts.pp},
            {"dp", parts.dp},
            {"optimizer", parts.optimizer},
            {"bubble", parts.bubble},
            {"barrier", parts.barrier}};
}

Json jsonOf(const training::Layout& layout) {
    return {{"tp", layout.tp},
            {"cp", layout.cp},
            {"pp", layout.pp},
            {"vp", layout.vp},
            {"dp", layout.dp},
            {"ep", layout.ep},
            {"micro_batch", layout.microBatch},
            {"global_batch", layout.globalBatch}};
}

Json jsonOf(const training::Memory& memory) {
    return {{"weights", memory.weights},     {"gradients", memory.gradients},
            {"optimizer", memory.optimizer}, {"activations", memory.activations},
            {"workspace", memory.workspace}, {"total", memory.total()},
            {"capacity", memory.capacity}};
}

Json jsonOf(const training::StepAnatomy& step) {
    Json json{{"step_time_s", step.stepTimeS},
              {"tokens_per_s", step.tokensPerS},
              {"tokens_per_s_per_gpu", step.tokensPerSPerGpu},
              {"model_tflops_per_gpu", step.modelFlopPerSPerGpu / 1e12},
              {"mfu", step.mfu},
              {"hfu", step.hfu},
              {"gpus_used", step.gpusUsed},
              {"gpus_total", step.gpusTotal},
              {"energy_j", step.energyJ},
              {"memory_bytes", jsonOf(step.memory)}};
    Json parts = Json::object();
    for (const auto& [name, seconds] : breakdownOf(step.breakdown)) {
        parts[std::string(name)] = seconds;
    }
    json["breakdown_s"] = std::move(parts);
    json["mismatch_s"] = step.mismatchS;
    json["layout"] = jsonOf(step.layout);
    json["classes"] = Json::array();
    for (const training::ClassShare& share : step.classes) {
        json["classes"].push_back({{"gpu", share.gpu},
                                   {"pool", share.pool},
                                   {"count", share.count},
                                   {"compute_s", share.computeS},
                                   {"communicate_s", share.communicateS},
                                   {"wait_s", share.waitS},
                                   {"share_of_tokens", share.shareOfTokens},
                                   {"layout", jsonOf(share.layout)}});
    }
    json["notes"] = step.notes;
    return json;
}

} // namespace atlas::cli
