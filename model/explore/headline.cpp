#include "model/explore/headline.h"

#include <algorithm>
#include <cmath>

namespace atlas::explore {

namespace {

constexpr double kLowQuantile = 0.05;
constexpr double kHighQuantile = 0.95;

} // namespace

const std::vector<Headline>& headlineRows() {
    using units::Dimension;
    static const std::vector<Headline> rows = {
        {"mfu", "MFU of training", "1", Dimension::Number, Better::Higher, {}},
        {"goodput", "Time kept after interruptions", "1", Dimension::Number, Better::Higher, {}},
        {"waiting_share", "GPU-hours waiting or idle", "1", Dimension::Number, Better::Lower, {}},
        {"waiting_usd_per_month",
         "Rent of GPUs waiting or idle",
         "USD/month",
         Dimension::UsdPerMonth,
         Better::Lower,
         {}},
        {"step_time_s", "Step time", "s", Dimension::Seconds, Better::Lower, {}},
        {"train_months", "Target model trained", "months", Dimension::Number, Better::Lower, {}},
        {"delivered_flop_per_s",
         "Training delivered",
         "FLOP/s",
         Dimension::FlopPerSecond,
         Better::Higher,
         {}},
        {"usd_per_exaflop_day", "Cost per exaFLOP-day", "USD", Dimension::Usd, Better::Lower, {}},
        {"serving_tokens_per_s",
         "Serving, output tokens",
         "tokens/s",
         Dimension::TokensPerSecond,
         Better::Higher,
         {}},
        {"serving_tokens_per_day",
         "Tokens served a day, read and written",
         "tokens",
         Dimension::Tokens,
         Better::Higher,
         {}},
        {"slo_attainment", "Requests served as promised (SLO)", "1", Dimension::Number, Better::Higher, {}},
        {"users_served", "Users served", "users", Dimension::Number, Better::Higher, {}},
        {"lease_usd_per_month", "Lease income", "USD/month", Dimension::UsdPerMonth, Better::Higher, {}},
        {"owner_cash_usd", "Owner's cash at the horizon", "USD", Dimension::Usd, Better::Higher, {}},
        {"npv_usd", "Net present value", "USD", Dimension::Usd, Better::Higher, {}},
        {"peak_funding_usd", "Peak funding need", "USD", Dimension::Usd, Better::Lower, {}},
        {"facility_w", "Power drawn", "W", Dimension::Watts, Better::Neither, {}},
        {"break_even_fee_usd_per_month",
         "Break-even lease fee",
         "USD/month",
         Dimension::UsdPerMonth,
         Better::Lower,
         {}},
        {"build_out_funded_share",
         "Build-out paid from own cash",
         "1",
         Dimension::Number,
         Better::Higher,
         {}},
        {"tranche_funded_months", "Second tranche funded", "months", Dimension::Number, Better::Lower, {}},
    };
    return rows;
}

double quantile(std::vector<double> values, double q) {
    std::ranges::sort(values);
    const double at = q * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const std::size_t above = std::min(below + 1, values.size() - 1);
    return values[below] + (at - std::floor(at)) * (values[above] - values[below]);
}

std::vector<Headline> headlinesOf(const HeadlineValues& central, std::span<const HeadlineValues> draws) {
    std::vector<Headline> rows = headlineRows();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i].value = central[i];
        if (!central[i]) {
            continue;
        }
        rows[i].low = rows[i].high = *central[i];
        std::vector<double> values;
        for (const HeadlineValues& draw : draws) {
            if (draw[i]) {
                values.push_back(*draw[i]);
            }
        }
        if (!values.empty()) {
            rows[i].hasRange = true;
            rows[i].low = std::min(*central[i], quantile(values, kLowQuantile));
            rows[i].high = std::max(*central[i], quantile(std::move(values), kHighQuantile));
        }
    }
    return rows;
}

} // namespace atlas::explore
