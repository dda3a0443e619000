// What the charts of the operations page draw, from simulated months and from expectations: plain values.
#pragma once

#include "app/chart_values.h"
#include "model/explore/compare.h"
#include "widgets/bars_plot.h"
#include "widgets/bridge_plot.h"
#include "widgets/curves_plot.h"

#include <mutex>
#include <stop_token>

namespace atlas::app {

/// The thirty days around an instant, counted from the scenario's start: what accounts are of.
[[nodiscard]] TimeSpan monthAround(double timeS);

/// Accounts of both sides over one span, computed once for all charts that need them. Safe to share.
class AccountStore {
public:
    using Accounts = std::array<std::optional<operations::Account>, 2>; ///< nothing where nothing trains
    [[nodiscard]] Accounts of(const std::shared_ptr<const Workspace>& workspace, TimeSpan span,
                              std::stop_token stop);

private:
    std::mutex m_mutex;
    std::shared_ptr<const Workspace> m_workspace;
    TimeSpan m_span;
    Accounts m_accounts;
};

/// Share of steps that take longer, over the time of a step in medians of its side, of the steps from the
/// instant's hour on; marked at p50, p90, p99 and p99.9.
[[nodiscard]] widgets::CurvesValues stepTimeValues(const Workspace& workspace, double timeS);
/// Goodput against the checkpoint interval of the runs of the strategies on screen, with Young's, Daly's and
/// the best interval and the one in use.
[[nodiscard]] widgets::CurvesValues checkpointValues(const Workspace& workspace,
                                                     const explore::Comparison& comparison);
/// Mean excess of the slowest of N GPUs over one alone, with jitter and lasting spread of each side's
/// cluster, beside sigma sqrt(2 ln N): what normal noise would do.
[[nodiscard]] widgets::CurvesValues slowdownValues(const Workspace& workspace);
/// Interruptions added up over ninety days around the instant, all and by the most frequent causes.
[[nodiscard]] widgets::CurvesValues interruptionValues(const Workspace& workspace, double timeS);
/// The same by cause, in thirty days.
[[nodiscard]] widgets::BarsValues interruptionCauses(const Workspace& workspace, double timeS);
/// Share of the time of GPUs with power that went into waiting and standing still, by cause.
[[nodiscard]] widgets::BarsValues stallValues(const Workspace& workspace,
                                              const AccountStore::Accounts& accounts, double timeS);
/// The waterfalls of the span as it was simulated.
[[nodiscard]] widgets::WaterfallValues spanWaterfalls(const Workspace& workspace,
                                                      const AccountStore::Accounts& accounts);

} // namespace atlas::app
