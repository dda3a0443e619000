#include "model/validation/worst_rows.h"

#include "model/validation/published_data.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <sstream>

namespace atlas::validation {

namespace {

/// What makes two rows one configuration.
constexpr std::array kConfiguration = {"model_name",  "gpu",      "precision", "n_gpus",  "tp",
                                       "cp",          "pp",       "ep",        "seq_len", "global_batch_seqs",
                                       "micro_batch", "moe_topk", "features"};

bool sameConfiguration(const RunRow& a, const RunRow& b) {
    return std::ranges::all_of(kConfiguration,
                               [&](const char* column) { return a.text(column) == b.text(column); });
}

/// Throughput in any unit that rows of one configuration and metric share; empty where nothing is published.
std::optional<double> throughput(const RunRow& row) {
    const auto value = row.number("reported_value");
    if (!value || *value <= 0) {
        return std::nullopt;
    }
    return row.text("reported_metric") == "step_time_s" ? 1 / *value : *value;
}

double offBy(double error) {
    return std::abs(std::log(std::max(1e-9, 1 + error)));
}

} // namespace

std::optional<Explanation> explanationOf(const std::string& rowId, const std::vector<RunRow>& table) {
    for (const RunRow& row : table) {
        std::istringstream ids(row.text("rows"));
        for (std::string id; ids >> id;) {
            if (id == rowId) {
                return Explanation{row.text("standing") == "likely" ? Standing::Likely : Standing::Unknown,
                                   row.text("explanation"), row.text("reason")};
            }
        }
    }
    return std::nullopt;
}

std::string standingText(const std::optional<Explanation>& explanation) {
    return explanation && explanation->standing == Standing::Likely ? "likely" : "unknown";
}

Repeats repeatsOf(const std::string& rowId, const std::vector<RunRow>& rows) {
    const auto own = std::ranges::find_if(rows, [&](const RunRow& row) { return row.text("id") == rowId; });
    Repeats repeats;
    if (own == rows.end() || !throughput(*own)) {
        return repeats;
    }
    double low = *throughput(*own);
    double high = low;
    for (const RunRow& row : rows) {
        const auto value = throughput(row);
        if (value && row.text("reported_metric") == own->text("reported_metric") &&
            sameConfiguration(row, *own)) {
            ++repeats.rows;
            low = std::min(low, *value);
            high = std::max(high, *value);
        }
    }
    repeats.widest = high / low;
    return repeats;
}

std::vector<WorstRow> worstRows(const std::vector<CheckedRun>& runs, FitBasis basis, std::size_t count) {
    std::vector<WorstRow> worst;
    for (const CheckedRun& run : selected(runs, basis, ModelKind::All)) {
        worst.push_back({run, *run.errorOf(basis), {}, {}});
    }
    const std::size_t kept = std::min(count, worst.size());
    std::partial_sort(worst.begin(), worst.begin() + static_cast<std::ptrdiff_t>(kept), worst.end(),
                      [](const WorstRow& a, const WorstRow& b) {
                          return offBy(a.error) != offBy(b.error) ? offBy(a.error) > offBy(b.error)
                                                                  : a.run.id < b.run.id;
                      });
    worst.resize(kept);
    for (WorstRow& row : worst) {
        row.explanation = explanationOf(row.run.id, explanations());
        row.repeats = repeatsOf(row.run.id, publishedRuns());
    }
    return worst;
}

} // namespace atlas::validation
