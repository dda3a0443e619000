// From a scenario to the scaling chart: which curves, in which colours, under which choices.
#pragma once

#include "app/workspace.h"
#include "widgets/chart_picture.h"
#include "widgets/scaling_plot.h"

#include <mutex>
#include <optional>

namespace atlas::app {

/// What a person chose in the scaling chart.
struct ScalingChoice {
    enum class Curves {
        Panes, ///< classes and mixes of what the panes train on
        All    ///< every class of the scenario and every mix that a strategy trains on
    };
    std::string job; ///< id; empty: of the side that is planned
    std::optional<scenario::Precision> precision;
    explore::BatchRule batch = explore::BatchRule::Held;
    widgets::ScalingMetric metric = widgets::ScalingMetric::TokensPerS;
    Curves curves = Curves::Panes;
    bool operator==(const ScalingChoice&) const = default;
};

/// Keeps the last scaling that was computed: another metric draws the same numbers.
class ScalingStore {
public:
    /// Null where there is none; `problems` then says why. Any thread.
    [[nodiscard]] std::shared_ptr<const explore::Scaling>
    get(const std::shared_ptr<const scenario::Scenario>& scenario, const explore::ScalingOptions& options,
        Diagnostics& problems);

private:
    std::mutex m_mutex;
    std::shared_ptr<const scenario::Scenario> m_scenario;
    explore::ScalingOptions m_options;
    std::shared_ptr<const explore::Scaling> m_scaling;
};

struct ScalingAnswer {
    widgets::ScalingValues values;
    Diagnostics problems; ///< why there is nothing to draw
};

[[nodiscard]] ScalingAnswer scalingAnswer(const Workspace& workspace, Side side, const ScalingChoice& choice,
                                          ScalingStore& store, std::stop_token stop);
[[nodiscard]] widgets::Caption scalingCaption(const Workspace& workspace, Side side,
                                              const ScalingAnswer& answer);

} // namespace atlas::app
