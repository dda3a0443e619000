#include "model/validation/run_case.h"

#include "model/training/model_shape.h"
#include "model/validation/published_gpus.h"

#include <algorithm>
#include <cmath>
#include <regex>

namespace atlas::validation {

namespace {

using scenario::Precision;
using scenario::Recompute;
using scenario::Sharding;

/// Reads the cells of one row and collects what is wrong with it.
class Reader {
public:
    explicit Reader(const RunRow& row)
        : m_row(row) {}

    const std::string& text(std::string_view column) const { return m_row.text(column); }

    int whole(std::string_view column, int fallback) {
        const auto value = positive(column);
        return value ? static_cast<int>(*value) : fallback;
    }

    std::int64_t required(std::string_view column) {
        const auto value = positive(column);
        if (!value && !m_wrong) {
            refuse("`" + std::string(column) + "` is not published");
        }
        return value ? static_cast<std::int64_t>(*value) : 0;
    }

    void refuse(const std::string& reason) {
        m_errors.push_back({Severity::Error, {{}, m_row.line, 0}, reason, {}});
    }

    /// GPUs of an NVLink domain where the row says, else of a server.
    int domain() const {
        constexpr int kServer = 8;
        return static_cast<int>(m_row.number("gpus_per_nvlink_domain").value_or(kServer));
    }

    const Diagnostics& errors() const { return m_errors; }

private:
    std::optional<double> positive(std::string_view column) {
        bool wrong = false;
        const auto value = m_row.number(column, &wrong);
        constexpr double kMost = 2e9;
        if (wrong || (value && (*value < 1 || *value > kMost || *value != std::floor(*value)))) {
            refuse("`" + std::string(column) + "` is `" + text(column) + "`, not a whole number from 1");
            m_wrong = true;
            return std::nullopt;
        }
        return value;
    }

    const RunRow& m_row;
    Diagnostics m_errors;
    bool m_wrong = false;
};

std::optional<int> noted(const std::string& notes, const char* pattern) {
    std::smatch match;
    if (std::regex_search(notes, match, std::regex(pattern))) {
        return std::stoi(match[1].str());
    }
    return std::nullopt;
}

void readExperts(Reader& read, scenario::Transformer& model) {
    model.experts = read.whole("moe_experts", 0);
    if (model.experts == 0) {
        return;
    }
    model.topK = read.whole("moe_topk", 0);
    if (model.topK == 0) {
        read.refuse("`moe_topk` is not published");
    }
    const std::string& notes = read.text("notes");
    model.sharedExperts = noted(notes, "(\\d{1,2}) shared expert").value_or(0);
    if (const auto dense = noted(notes, "first (\\d{1,3}) layers? dense")) {
        model.denseLayers = *dense;
    }
    if (const auto every = noted(notes, "every (\\d)(?:nd|rd|th) layer")) {
        model.denseLayers = model.layers - model.layers / std::max(1, *every);
    }
    model.denseFfnHidden = noted(notes, "dense ffn (\\d{1,6})").value_or(4 * model.hidden);
}

/// Gated or not: the count of parameters tells; where it is not published, a width of 4 h is the ungated
/// convention.
void chooseGate(Reader& read, const RunRow& row, scenario::Transformer& model, RunCase& result) {
    model.gatedMlp = model.experts > 0 || model.ffnHidden != 4 * model.hidden;
    const auto published = row.number("params_total_b");
    if (!published || *published <= 0 || !read.errors().empty()) {
        return;
    }
    double closest = 0;
    scenario::Transformer best = model;
    for (const bool gated : {true, false}) {
        for (const bool tied : {false, true}) {
            scenario::Transformer candidate = model;
            candidate.gatedMlp = gated;
            candidate.tiedEmbedding = tied;
            const auto shape = training::shapeOf(candidate);
            if (!shape) {
                return;
            }
            const double distance = std::abs(shape->totalParams() / 1e9 / *published - 1);
            if (closest == 0 || distance < closest) {
                closest = distance;
                best = candidate;
            }
        }
    }
    // Layers cut out of a model (a proxy) and rounded names say nothing about the gate.
    constexpr double kTrusted = 0.08;
    if (closest < kTrusted) {
        model = best;
    } else {
        result.notes.emplace_back("parameters of these dimensions differ from the published count");
    }
}

void readModel(Reader& read, const RunRow& row, RunCase& result) {
    scenario::Transformer& model = result.job.model;
    model.id = read.text("model_name").empty() ? read.text("id") : read.text("model_name");
    model.layers = static_cast<int>(read.required("layers"));
    model.hidden = static_cast<int>(read.required("hidden"));
    model.ffnHidden = static_cast<int>(read.required("ffn_hidden"));
    model.heads = static_cast<int>(read.required("heads"));
    model.kvHeads = read.whole("kv_heads", model.heads);
    model.vocab = static_cast<int>(read.required("vocab"));
    model.headDim = read.whole("head_dim", model.heads > 0 ? std::max(1, model.hidden / model.heads) : 0);
    readExperts(read, model);
    const std::string& notes = read.text("notes");
    if (notes.find("MLA") != std::string::npos) {
        model.attention = scenario::Attention::Mla;
        model.kvLoraRank = 512;
        if (read.text("head_dim").empty()) {
            model.headDim = 128;
        }
        result.notes.emplace_back("MLA ranks as in DeepSeek-V3");
    }
    if (notes.find("Mamba") != std::string::npos) {
        read.refuse("a hybrid with Mamba layers is not a transformer");
    }
    if (notes.find("sliding-window") != std::string::npos) {
        result.job.windowedShare = 0.5;
        result.job.window = noted(notes, "(\\d{2,6})-token sliding-window").value_or(0);
    }
    chooseGate(read, row, model, result);
}

void readPrecision(Reader& read, RunCase& result) {
    struct Known {
        const char* name;
        Precision precision;
        training::Scaling scaling;
    };
    using training::Scaling;
    static constexpr Known kKnown[] = {
        {"bf16", Precision::Bf16, Scaling::Delayed},
        {"fp16", Precision::Fp16, Scaling::Delayed},
        {"fp8", Precision::Fp8, Scaling::Delayed},
        {"fp8-cs", Precision::Fp8, Scaling::Current},
        {"fp8-delayed", Precision::Fp8, Scaling::Delayed},
        {"fp8-ds", Precision::Fp8, Scaling::Delayed},
        {"fp8-tensorwise", Precision::Fp8, Scaling::Tensorwise},
        {"fp8-rowwise", Precision::Fp8, Scaling::Rowwise},
        {"mxfp8", Precision::Mxfp8, Scaling::Current},
        {"fp8-mx", Precision::Mxfp8, Scaling::Current},
        {"nvfp4", Precision::Nvfp4, Scaling::Current},
        {"fp4", Precision::Nvfp4, Scaling::Current},
    };
    const std::string& asked = read.text("precision");
    for (const Known& known : kKnown) {
        if (asked == known.name) {
            result.job.precision = known.precision;
            result.job.features.scaling = known.scaling;
            return;
        }
    }
    read.refuse(asked.empty() ? "`precision` is not published" : "unknown precision `" + asked + "`");
}

/// Experts go where their weights are sharded: over the FSDP group, else over the replicas of an NVLink
/// domain.
void chooseExpertDegree(const Reader& read, RunCase& result) {
    training::Layout& layout = result.layout;
    const int experts = result.job.model.experts;
    if (experts == 0 || !read.text("ep").empty()) {
        return;
    }
    const std::int64_t replicas = layout.dp * layout.cp;
    const std::int64_t group = layout.sharding == Sharding::Fsdp && layout.fsdpGroup > 0
                                   ? layout.fsdpGroup
                                   : std::max(1, read.domain() / layout.tp);
    for (int ep = 1; ep <= std::min<std::int64_t>({experts, replicas, group}); ++ep) {
        if (experts % ep == 0 && replicas % ep == 0) {
            layout.ep = ep;
        }
    }
    result.notes.emplace_back("ep not published: " + std::to_string(layout.ep));
}

void readSharding(Reader& read, RunCase& result) {
    training::Layout& layout = result.layout;
    const std::string& sharding = read.text("sharding");
    if (sharding.empty() || sharding == "optimizer") {
        layout.sharding = Sharding::Optimizer;
    } else if (sharding == "fsdp") {
        layout.sharding = Sharding::Fsdp;
    } else if (sharding == "none") {
        layout.sharding = Sharding::None;
    } else {
        read.refuse("unknown sharding `" + sharding + "`");
    }
    layout.fsdpGroup = read.whole("fsdp_group", 0);
    chooseExpertDegree(read, result);
    const std::string& sequence = read.text("sequence_parallel");
    layout.sequenceParallel = sequence.empty() ? layout.tp > 1 : sequence == "yes";
    const std::string& recompute = read.text("activation_recompute");
    if (recompute.empty()) {
        layout.recompute = Recompute::Auto;
        result.job.recomputePublished = false;
    } else if (recompute == "none") {
        layout.recompute = Recompute::None;
    } else if (recompute == "selective") {
        layout.recompute = Recompute::Selective;
    } else if (recompute == "full") {
        layout.recompute = Recompute::Full;
    } else {
        read.refuse("unknown recompute `" + recompute + "`");
    }
}

/// As many chunks as the layers of a stage allow (embedding and head may count as layers).
int mostChunks(int layers, int pp) {
    for (const int slots : {layers, layers + 2, layers + 1}) {
        if (slots % pp == 0) {
            return slots / pp;
        }
    }
    return 1;
}

void readLayout(Reader& read, std::int64_t gpus, RunCase& result) {
    training::Layout& layout = result.layout;
    result.layoutPublished = !read.text("tp").empty() || !read.text("pp").empty();
    layout.tp = read.whole("tp", 1);
    layout.cp = read.whole("cp", 1);
    layout.pp = read.whole("pp", 1);
    layout.ep = read.whole("ep", 1);
    layout.microBatch = read.whole("micro_batch", 1);
    result.microBatchPublished = !read.text("micro_batch").empty();
    layout.vp = read.whole("vp", 0);
    if (layout.vp == 0) {
        layout.vp = layout.pp > 1 ? mostChunks(result.job.model.layers, layout.pp) : 1;
        if (layout.vp > 1) {
            result.notes.emplace_back("vp not published: " + std::to_string(layout.vp));
        }
    }
    layout.globalBatch = read.required("global_batch_seqs");
    result.job.globalBatch = layout.globalBatch;
    const std::int64_t perReplica = std::int64_t{layout.tp} * layout.pp * layout.cp;
    layout.dp = read.whole("dp", 0);
    if (layout.dp == 0) {
        layout.dp = std::max<std::int64_t>(1, gpus / perReplica);
    }
    if (result.layoutPublished && layout.dp * perReplica != gpus) {
        read.refuse("tp x pp x cp x dp = " + std::to_string(layout.dp * perReplica) +
                    ", but n_gpus = " + std::to_string(gpus));
    }
    if (!result.layoutPublished) {
        result.notes.emplace_back("layout not published: the planner's best");
    }
}

/// Bytes per second a GPU has between nodes, of texts like "8x400Gb/s NDR IB per node", "1600Gb/s RoCE per
/// node" and "400Gb/s NDR per GPU"; empty where the text names no rate.
std::optional<double> publishedNic(const std::string& text) {
    static const std::regex several("(\\d{1,2}) ?x ?(\\d{2,4}) ?Gb/s");
    static const std::regex rate("(\\d{2,5}) ?Gb/s");
    constexpr double kGpusOfNode = 8;
    constexpr double kBytesPerGigabit = 1e9 / 8;
    std::smatch match;
    if (std::regex_search(text, match, several)) {
        return std::stod(match[1].str()) * std::stod(match[2].str()) / kGpusOfNode * kBytesPerGigabit;
    }
    if (!std::regex_search(text, match, rate)) {
        return std::nullopt;
    }
    const bool perNode = text.find("per node") != std::string::npos;
    return std::stod(match[1].str()) / (perNode ? kGpusOfNode : 1) * kBytesPerGigabit;
}

void readConvention(const RunRow& row, RunCase& result) {
    const std::string& text = row.text("flops_convention");
    const auto says = [&](const char* word) { return text.find(word) != std::string::npos; };
    // NVIDIA counted after Korthikanti et al. 2022, App. A (the whole score matrix) until it said otherwise.
    const bool causal = says("causal") && !says("non-causal");
    result.convention.causal = causal || !(says("full") || says("NVIDIA model"));
    result.convention.countsRecompute =
        text.find("HFU") != std::string::npos || text.find("counts full recompute") != std::string::npos;
}

} // namespace

Result<RunCase> caseOf(const RunRow& row) {
    RunCase result;
    Reader read(row);
    readModel(read, row, result);
    readPrecision(read, result);
    const std::int64_t gpus = read.required("n_gpus");
    result.job.sequence = static_cast<int>(read.required("seq_len"));
    readLayout(read, gpus, result);
    readSharding(read, result);
    readConvention(row, result);
    result.job.stack = row.text("stack");
    result.job.release = row.text("release");
    result.job.year = read.whole("year", 0);
    result.job.fullySharded = result.layout.sharding == Sharding::Fsdp && result.layout.tp == 1;
    const std::string& features = row.text("features");
    result.job.features.asyncTensorParallel = features.find("async_tp") != std::string::npos;
    result.job.features.compiled = // the compiler is what makes TP asynchronous
        result.job.features.asyncTensorParallel || features.find("compile") != std::string::npos;
    if (read.text("gpu").empty()) {
        read.refuse("`gpu` is not published");
    } else {
        auto pool = publishedPool(read.text("gpu"), std::max<std::int64_t>(1, gpus));
        if (pool) {
            const int domain = read.whole("gpus_per_nvlink_domain", 0);
            if (domain > 0) {
                pool->nvlinkDomain = domain;
            }
            pool->nicBytesPerS = publishedNic(read.text("network")).value_or(pool->nicBytesPerS);
            pool->levels = publishedLevels(*pool);
            result.machine = {pool->name, {*pool}, 0, 0};
        } else {
            read.refuse(pool.errors().front().message + " (" + pool.errors().front().remedy + ")");
        }
    }
    if (!read.errors().empty()) {
        return read.errors();
    }
    return result;
}

} // namespace atlas::validation
