// Values for tests and for the gallery: plausible in shape, made up on purpose, so that no test leans on the
// model.
#pragma once

#include "widgets/cash_plot.h"
#include "widgets/inspector_panel.h"
#include "widgets/levers_panel.h"
#include "widgets/scrubber.h"
#include "widgets/utilisation_plot.h"
#include "widgets/waterfall_plot.h"

#include "model/explore/compare.h"

#include <cmath>

namespace atlas::widgets::samples {

/// A waterfall whose last bar is what the losses leave.
inline operations::Waterfall waterfall(std::initializer_list<std::pair<const char*, double>> losses) {
    operations::Waterfall bars = {{"peak", 1.0, true}};
    double left = 1.0;
    for (const auto& [name, share] : losses) {
        bars.push_back({name, share, false});
        left -= share;
    }
    bars.push_back({"goodput", left, true});
    return bars;
}

inline WaterfallValues waterfallValues() {
    WaterfallValues values;
    values.sides[0] = {QStringLiteral("Train on Colossus 1"),
                       waterfall({{"kernels", 0.34},
                                  {"exposed communication", 0.135},
                                  {"bubble", 0.045},
                                  {"class mismatch", 0.29},
                                  {"jitter tail", 0.042},
                                  {"fail-slow", 0.021},
                                  {"fail-stop", 0.017}}),
                       {}};
    values.sides[1] = {QStringLiteral("Lease Colossus 1, train on Colossus 2"),
                       waterfall({{"kernels", 0.38},
                                  {"exposed communication", 0.12},
                                  {"bubble", 0.05},
                                  {"class mismatch", 0.0},
                                  {"jitter tail", 0.03},
                                  {"fail-slow", 0.02},
                                  {"fail-stop", 0.04}}),
                       {}};
    return values;
}

inline std::vector<operations::TimelineSample> timeline(double level, double waiting, int count,
                                                        double spanS) {
    std::vector<operations::TimelineSample> samples;
    for (int i = 0; i < count; ++i) {
        const double t = spanS * i / (count - 1);
        const double wave = std::sin(t / 9000.0) * 0.03 + std::sin(i * 12.9898) * 0.015;
        const bool outage = i % 173 > 168;
        samples.push_back({t, static_cast<float>(outage ? 0.0 : level + wave),
                           static_cast<float>(outage ? 0.0 : waiting - wave), 5.0F});
    }
    return samples;
}

inline UtilisationValues utilisationValues() {
    UtilisationValues values;
    values.sides[0] = {QStringLiteral("Train on Colossus 1"), timeline(0.18, 0.71, 1440, 30 * 86400.0)};
    values.sides[1] = {QStringLiteral("Lease Colossus 1, train on Colossus 2"),
                       timeline(0.88, 0.06, 1440, 30 * 86400.0)};
    return values;
}

inline CashValues cashValues() {
    CashValues values;
    values.owner = QStringLiteral("owner");
    values.sides[0].name = QStringLiteral("Train on Colossus 1");
    values.sides[1].name = QStringLiteral("Lease Colossus 1, train on Colossus 2");
    for (auto& side : values.sides) {
        side.first = scenario::Month::of(2026, 5);
    }
    for (int m = 0; m < 44; ++m) {
        values.sides[0].balanceUsd.push_back(-0.48e9 * m);
        values.sides[1].balanceUsd.push_back(-2e9 + 0.62e9 * m - 0.004e9 * m * m);
        values.sides[1].lowUsd.push_back(values.sides[1].balanceUsd.back() - 0.1e9 * m);
        values.sides[1].highUsd.push_back(values.sides[1].balanceUsd.back() + 0.13e9 * m);
    }
    values.sides[0].endLowUsd = -29e9;
    values.sides[0].endHighUsd = -14e9;
    finance::CashFlow::Funded tranche;
    tranche.tranche = "tranche 2";
    tranche.due = scenario::Month::of(2027, 6);
    tranche.funded = scenario::Month::of(2027, 10);
    tranche.ever = true;
    values.sides[1].tranches = {tranche};
    tranche.ever = false;
    tranche.funded = scenario::Month::of(2030, 1);
    values.sides[0].tranches = {tranche};
    return values;
}

inline explore::Headline headline(const char* key, const char* label, const char* unit,
                                  units::Dimension dimension, explore::Better better,
                                  std::optional<double> value, double low, double high) {
    return {key, label, unit, dimension, better, value, low, high, true};
}

/// Three strategies: the second is clearly best in some rows, and one row does not apply to the first.
inline explore::Comparison comparison() {
    using explore::Better;
    using units::Dimension;
    explore::Comparison out;
    out.draws = 200;
    out.seed = 7;
    const char* names[] = {"Train on Colossus 1", "Lease Colossus 1, train on Colossus 2", "Fix Colossus 1"};
    const char* ids[] = {"train-1", "lease-train", "fix"};
    const double mfu[][3] = {{0.112, 0.09, 0.14}, {0.36, 0.33, 0.39}, {0.24, 0.2, 0.29}};
    const double months[][3] = {{33.4, 27, 41}, {13.1, 11.8, 14.9}, {15.9, 13.2, 19.0}};
    const double cost[][3] = {{41.2e3, 33e3, 52e3}, {9.8e3, 8.1e3, 12.0e3}, {19.2e3, 15e3, 24e3}};
    const double cash[][3] = {{-20.6e9, -29e9, -14e9}, {6.1e9, -9e9, 19e9}, {-18.7e9, -26e9, -12e9}};
    const double fee[] = {0, 0.61e9, 0};
    for (int i = 0; i < 3; ++i) {
        explore::StrategyResult result;
        result.id = ids[i];
        result.name = names[i];
        result.headline = {headline("mfu", "Model FLOPs utilisation", "1", Dimension::Number, Better::Higher,
                                    mfu[i][0], mfu[i][1], mfu[i][2]),
                           headline("train_months", "Target model trained in", "month", Dimension::Number,
                                    Better::Lower, months[i][0], months[i][1], months[i][2]),
                           headline("usd_per_exaflop_day", "Cost of an exaFLOP-day", "USD", Dimension::Usd,
                                    Better::Lower, cost[i][0], cost[i][1], cost[i][2]),
                           headline("owner_cash_usd", "Cash at the horizon", "USD", Dimension::Usd,
                                    Better::Higher, cash[i][0], cash[i][1], cash[i][2]),
                           headline("break_even_fee", "Break-even lease fee", "USD/month",
                                    Dimension::UsdPerMonth, Better::Neither,
                                    i == 1 ? std::optional(fee[i]) : std::nullopt, 0.5e9, 0.75e9)};
        out.strategies.push_back(result);
    }
    return out;
}

inline std::vector<TimeMark> marks() {
    std::vector<TimeMark> out;
    for (int i = 0; i < 60; ++i) {
        const double t = std::fmod(i * 7919.0 * 331, 30 * 86400.0);
        out.push_back({t, i % 2 == 0 ? Side::A : Side::B,
                       i % 3 == 0 ? operations::GpuState::Waiting : operations::GpuState::Fault,
                       QStringLiteral("GPU fault, rack 1-203-7")});
    }
    return out;
}

inline InspectorContent inspected() {
    InspectorContent content;
    content.title = QStringLiteral("Rack 3-17-2, tray 4, GPU 5");
    content.subtitle = QStringLiteral("A100 80 GB · 3.2× the time of its peers");
    content.subtitleInk = Ink::Warning;
    content.alert = QStringLiteral("Holds up 164 992 GPUs");
    content.rows = {{QStringLiteral("state"), QStringLiteral("culprit"), Ink::Negative, {}},
                    {QStringLiteral("through"), QStringLiteral("DP replica 211, all-reduce"), Ink::Text, {}},
                    {QStringLiteral("stall it causes"), QStringLiteral("41 % of this step"), Ink::Text, {}},
                    {QStringLiteral("cost of waiting"), QStringLiteral("$118 900 / h"), Ink::Warning, {}}};
    content.why = InspectorContent::Why{
        QStringLiteral("cost = waiting GPU-hours × rent"),
        {{QStringLiteral("waiting GPUs"), QStringLiteral("164 992"), QStringLiteral("frame at day 12")},
         {QStringLiteral("rent"), QStringLiteral("2.35 USD/GPU-h"),
          QStringLiteral("market survey, 2026-09")}}};
    content.actions = {
        {QStringLiteral("locate"), QStringLiteral("Show it"), {}, true},
        {QStringLiteral("slowest"), QStringLiteral("Next culprit"), {}, true},
        {QStringLiteral("copy"), QStringLiteral("Copy"), QStringLiteral("nothing to copy yet"), false}};
    return content;
}

inline std::vector<Lever> levers() {
    const auto number = [](double value, double low, double high, const char* source, catalog::Grade grade) {
        catalog::Sourced out(value, source);
        out.low = low;
        out.high = high;
        out.grade = grade;
        return out;
    };
    using catalog::Grade;
    using units::Dimension;
    return {{QStringLiteral("share"), QStringLiteral("A100 share of Colossus 1"),
             number(0.25, 0.1, 0.4, "the article gives no split", Grade::Assumption), 0.25, Dimension::Number,
             true},
            {QStringLiteral("fee"), QStringLiteral("Lease fee"),
             number(1.25e9, 0.9e9, 1.25e9, "amended filing", Grade::ReportedPress), 1.1e9,
             Dimension::UsdPerMonth},
            {QStringLiteral("batch"), QStringLiteral("Global batch"),
             number(32e6, 8e6, 64e6, "planner", Grade::AnalystEstimate), 32e6, Dimension::Tokens},
            {QStringLiteral("trunk"), QStringLiteral("Trunk between islands"),
             number(12.75e12, 1e12, 25e12, "vendor", Grade::VendorSpec), 12.75e12,
             Dimension::BytesPerSecond}};
}

inline Diagnostics diagnostics() {
    return {
        {Severity::Error, {"/tmp/mine.atlas.yaml", 14, 7}, "unknown key `haals`", "did you mean `halls`?"},
        {Severity::Error,
         {"/tmp/mine.atlas.yaml", 31, 12},
         "`400 Gbit` is not a rate",
         "write it as 400 Gbit/s"},
        {Severity::Warning,
         {"/tmp/mine.atlas.yaml", 52, 3},
         "the strategy trains on no cluster",
         "add an assignment"}};
}

} // namespace atlas::widgets::samples
