#include "model/validation/serving_points.h"

#include "model/training/calibration.h"
#include "model/validation/published_data.h"
#include "model/validation/published_gpus.h"

#include <algorithm>
#include <limits>

namespace atlas::validation {

namespace {

/// An objective nobody misses, seconds.
constexpr double kNoObjectiveS = std::numeric_limits<double>::infinity();

/// Reads the cells of one point and collects what is wrong with it.
class Reader {
public:
    explicit Reader(const RunRow& row)
        : m_row(row) {}

    double required(std::string_view column) {
        const auto value = number(column);
        if (!value || *value <= 0) {
            refuse("`" + std::string(column) + "` is `" + m_row.text(column) + "`, not a number above 0");
        }
        return value.value_or(1);
    }
    std::optional<double> number(std::string_view column) {
        bool wrong = false;
        const auto value = m_row.number(column, &wrong);
        if (wrong) {
            refuse("`" + std::string(column) + "` is `" + m_row.text(column) + "`, not a number");
        }
        return value;
    }
    int whole(std::string_view column, int fallback) {
        return static_cast<int>(number(column).value_or(fallback));
    }
    /// The entry of `names` that the cell is.
    template <class T, std::size_t N>
    T oneOf(std::string_view column, const std::pair<const char*, T> (&names)[N]) {
        const auto* found = std::find_if(std::begin(names), std::end(names), [&](const auto& known) {
            return m_row.text(column) == known.first;
        });
        if (found == std::end(names)) {
            refuse("`" + std::string(column) + "` is `" + m_row.text(column) + "`, which is not known");
            return names[0].second;
        }
        return found->second;
    }
    void refuse(const std::string& reason) {
        m_errors.push_back({Severity::Error, {{}, m_row.line, 0}, reason, {}});
    }
    [[nodiscard]] const Diagnostics& errors() const { return m_errors; }

private:
    const RunRow& m_row;
    Diagnostics m_errors;
};

scenario::Transformer modelOf(Reader& read, const RunRow& row) {
    scenario::Transformer m;
    m.id = m.name = row.text("model_name");
    m.layers = static_cast<int>(read.required("layers"));
    m.hidden = static_cast<int>(read.required("hidden"));
    m.ffnHidden = static_cast<int>(read.required("ffn_hidden"));
    m.heads = static_cast<int>(read.required("heads"));
    m.kvHeads = static_cast<int>(read.required("kv_heads"));
    m.headDim = static_cast<int>(read.required("head_dim"));
    m.vocab = static_cast<int>(read.required("vocab"));
    m.experts = read.whole("moe_experts", 0);
    m.topK = read.whole("moe_topk", 0);
    m.sharedExperts = read.whole("shared_experts", 0);
    m.denseLayers = read.whole("dense_layers", 0);
    m.denseFfnHidden = read.whole("dense_ffn_hidden", 0);
    m.kvLoraRank = read.whole("kv_lora_rank", 0);
    if (m.kvLoraRank > 0) {
        m.attention = scenario::Attention::Mla;
    }
    return m;
}

scenario::ServeJob jobOf(Reader& read, const RunRow& row) {
    using scenario::Precision;
    static constexpr std::pair<const char*, Precision> kPrecisions[] = {
        {"bf16", Precision::Bf16}, {"fp8", Precision::Fp8}, {"nvfp4", Precision::Nvfp4}};
    scenario::ServeJob job;
    job.id = job.name = row.text("id");
    job.model = row.text("model_name");
    job.precision = read.oneOf("precision", kPrecisions);
    job.inputTokens = catalog::Sourced(read.required("input_tokens"));
    job.outputTokens = catalog::Sourced(read.required("output_tokens"));
    job.cacheHit = catalog::Sourced(read.number("cache_hit").value_or(0.0));
    job.timeToFirstTokenS = catalog::Sourced(read.number("first_token_s").value_or(kNoObjectiveS));
    job.timePerOutputTokenS = catalog::Sourced(read.number("time_per_token_s").value_or(kNoObjectiveS));
    // Demand over the day plays no part in a benchmark, whose load is constant.
    job.peakOverMean = job.weekendFactor = job.userTokensPerDay = catalog::Sourced(1.0);
    job.engine.balancedExperts = row.text("experts") != "skewed";
    job.engine.fp8Projections = row.text("projections") != "bf16";
    job.engine.layout = {read.whole("tp", 0), 0, read.whole("ep", 0)};
    return job;
}

/// The class in its reference system, on the fabric that the NIC efficiency was measured on.
training::Machine machineOf(Reader& read, const RunRow& row) {
    auto pool = publishedPool(row.text("gpu"), static_cast<std::int64_t>(read.required("n_gpus")));
    if (!pool) {
        read.refuse(pool.errors().front().message + " (" + pool.errors().front().remedy + ")");
        return {};
    }
    pool->nicEfficiency = training::Calibration::builtin().assumptions.fabricEfficiency;
    return {pool->name, {std::move(*pool)}, 0, 0};
}

} // namespace

Result<ServingPoint> servingPointOf(const RunRow& row) {
    static constexpr std::pair<const char*, ServingMeasure> kMeasures[] = {
        {"mixed", ServingMeasure::Mixed},
        {"prefill", ServingMeasure::Prefill},
        {"decode", ServingMeasure::Decode},
        {"total", ServingMeasure::Total}};
    static constexpr std::pair<const char*, ServingProtocol> kProtocols[] = {
        {"steady", ServingProtocol::Steady},
        {"offline", ServingProtocol::Offline},
        {"server", ServingProtocol::Server},
        {"static", ServingProtocol::Static},
        {"production", ServingProtocol::Production}};
    static constexpr std::pair<const char*, bool> kEngines[] = {{"aggregated", false},
                                                                {"disaggregated", true}};
    Reader read(row);
    ServingPoint point;
    point.id = row.text("id");
    point.source = row.text("source");
    point.note = row.text("notes");
    point.published = read.required("published_tokens_per_s_per_gpu");
    point.low = read.number("published_low");
    point.high = read.number("published_high");
    point.assumed = row.text("grade") == "assumption";
    point.factScale = read.number("fact_scale").value_or(1);
    point.machine = machineOf(read, row);
    point.model = modelOf(read, row);
    point.job = jobOf(read, row);
    point.measure = read.oneOf("measure", kMeasures);
    point.fact = row.text("fact").empty() ? point.id : row.text("fact");
    point.factItem = read.whole("fact_item", 0);
    point.group = row.text("group");
    point.protocol = read.oneOf("protocol", kProtocols);
    point.disaggregated = read.oneOf("engine", kEngines);
    point.outputVariation = read.number("output_variation");
    point.maxOutputTokens = read.number("max_output_tokens").value_or(point.job.outputTokens.value);
    point.minQueries = read.number("min_queries").value_or(0);
    if (!read.errors().empty()) {
        return read.errors();
    }
    return point;
}

std::vector<ServingRatio> servingRatiosOf(const std::vector<RunRow>& rows) {
    std::vector<ServingRatio> ratios;
    for (const RunRow& row : rows) {
        ratios.push_back({row.text("id"), row.text("over"), row.text("under")});
    }
    return ratios;
}

Result<std::vector<ServingRun>> servingRuns(const std::vector<RunRow>& rows) {
    std::vector<ServingRun> runs;
    for (const RunRow& row : rows) {
        const auto point = servingPointOf(row);
        if (!point) {
            return point.errors();
        }
        runs.push_back(servingRunOf(*point));
    }
    return runs;
}

std::vector<ServingRun> servingRuns() {
    auto runs = servingRuns(publishedServing());
    return runs ? std::move(*runs) : std::vector<ServingRun>(); // a test reads the same table
}

} // namespace atlas::validation
