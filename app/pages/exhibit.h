// One chart or table under a name: what it is computed from, how, and what it says. The page that shows it,
// the file that holds it and the command line all start from the same exhibit.
#pragma once

#include "app/credibility_values.h"
#include "app/plan_sheet.h"
#include "app/programme_study.h"
#include "app/programme_values.h"
#include "app/scaling_values.h"
#include "app/workspace.h"
#include "model/explore/compare.h"
#include "widgets/chart_picture.h"
#include "widgets/data_table.h"

#include <functional>
#include <memory>
#include <stop_token>
#include <utility>
#include <variant>
#include <vector>

namespace atlas::app {

/// What an exhibit may draw on. Immutable and shared, so that it can be read off the GUI thread.
struct Evidence {
    std::shared_ptr<const Workspace> workspace;
    std::shared_ptr<const explore::Comparison> comparison; ///< null until it has been computed
    double timeS = 0;                                      ///< simulated instant on screen
    /// The newest scenario, ahead of the workspace while a lever moves; null: the workspace's.
    std::shared_ptr<const scenario::Scenario> scenario = nullptr;
    std::shared_ptr<const PlanSheet> plan = nullptr;             ///< null until it has been computed
    std::optional<scenario::LayoutChoice> layout = std::nullopt; ///< selected in the plan
    ScalingChoice scaling = {};                                  ///< of the scaling chart
    CredibilityChoice credibility = {};                          ///< what published runs are judged by
    ProgrammeChoice programme = {};                              ///< what is looked at of the money
    std::shared_ptr<const ProgrammeStudy> study = nullptr;       ///< null until it has been drawn
};

/// What makes an exhibit out of date.
enum class Basis {
    Panes,      ///< the scenario or what the panes show
    Comparison, ///< also the comparison: not computed before there is one
    Instant,    ///< also the clock: computed again about once a second while it runs
    Plan,       ///< the plan alone: not computed before there is one
    Layout,     ///< the plan and the layout selected in it
    Scaling,    ///< the panes and what is chosen in the scaling chart
    Programme,  ///< the comparison and what is chosen on the programme page
    Study,      ///< the study: not computed before there is one
    Credibility ///< published runs and what they are judged by: the panes do not matter
};

/// True where an exhibit waits for the comparison.
[[nodiscard]] constexpr bool needsComparison(Basis basis) {
    return basis == Basis::Comparison || basis == Basis::Programme || basis == Basis::Study;
}

/// Puts computed values into a plot made by the recipe (GUI thread) and says what they show.
using FillChart = std::function<widgets::Caption(widgets::Plot&)>;

struct ChartRecipe {
    std::function<std::unique_ptr<widgets::Plot>()> make;
    std::function<FillChart(const Evidence&, std::stop_token)> compute; ///< off the GUI thread
};

struct ComputedTable {
    widgets::DataTable table;
    widgets::Caption caption;
    QString emptyReason;
};

struct TableRecipe {
    std::function<ComputedTable(const Evidence&, std::stop_token)> compute; ///< off the GUI thread
};

/// What an exhibit's numbers are about.
enum class Claims {
    ThePanes, ///< what the panes show: marked where that was never checked
    Own,      ///< something of its own, which its caption marks itself
    Nothing   ///< published runs, facts: nothing is extrapolated
};

struct Exhibit {
    QString name;  ///< of the card, of files and of `atlas export --what`
    QString words; ///< what it shows, for lists
    Basis basis = Basis::Panes;
    std::variant<ChartRecipe, TableRecipe> recipe;
    int columns = 1; ///< of the page's two that it takes
    Claims claims = Claims::ThePanes;
};

/// The caption, with what it says of the panes marked where that lies outside what was checked.
[[nodiscard]] widgets::Caption marked(widgets::Caption caption, const Exhibit& exhibit,
                                      const Evidence& evidence);

/// A chart exhibit from typed parts: `values(evidence, stop)` off the GUI thread, `caption(evidence, values)`
/// beside it; PlotType has setValues(values).
template <class PlotType, class Values, class Compute, class Describe>
[[nodiscard]] Exhibit chartExhibit(QString name, QString words, Basis basis, Compute values, Describe caption,
                                   QString emptyReason = {}, int columns = 1,
                                   Claims claims = Claims::ThePanes) {
    ChartRecipe recipe;
    recipe.make = [emptyReason] {
        auto plot = std::make_unique<PlotType>();
        plot->setEmptyReason(emptyReason);
        return plot;
    };
    recipe.compute = [values, caption](const Evidence& evidence, std::stop_token stop) -> FillChart {
        auto held = std::make_shared<const Values>(values(evidence, stop));
        return [held, words = caption(evidence, *held)](widgets::Plot& plot) {
            static_cast<PlotType&>(plot).setValues(*held);
            return words;
        };
    };
    return {std::move(name), std::move(words), basis, std::move(recipe), columns, claims};
}

/// A page of the window: exhibits under one heading.
struct PageSpec {
    QString id;    ///< "training"
    QString title; ///< "Training"
    std::vector<Exhibit> exhibits;
};

} // namespace atlas::app
