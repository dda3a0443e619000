// The plan of the training assignment that a side is about: what was asked, what was found, and the tables
// and charts made of it. Plain values; the window and the command line share it.
#pragma once

#include "app/workspace.h"
#include "model/training/planner.h"
#include "widgets/chart_picture.h"
#include "widgets/data_table.h"
#include "widgets/stack_plot.h"

#include <optional>

namespace atlas::app {

/// "equal shares".
[[nodiscard]] QString placementText(scenario::Placement placement);

/// What is planned: a job on a cluster in a month under a placement.
struct PlanQuestion {
    std::shared_ptr<const scenario::Scenario> scenario;
    Side side = Side::A;
    std::string strategy; ///< id
    std::string cluster, job;
    scenario::Placement placement = scenario::Placement::Naive;
    scenario::Month month;
    std::string nothing; ///< why there is nothing to plan; else empty
    bool operator==(const PlanQuestion&) const = default;
};

/// The question of a side: its pane's assignment where that trains, else the first of its strategy that does.
/// `scenario` may be newer than the workspace.
[[nodiscard]] PlanQuestion planQuestion(const Workspace& workspace,
                                        std::shared_ptr<const scenario::Scenario> scenario, Side side,
                                        double timeS);
/// The side that a plan opens with: A where it trains, else B.
[[nodiscard]] Side planSide(const Workspace& workspace);

/// The answer. Rows are the best layouts of a search that is free of what the job fixes, the near-optimal
/// ones among them, and last the layout in use where it is none of these.
struct PlanSheet {
    PlanQuestion question;
    training::Plan plan;
    std::vector<training::StepAnatomy> rows;
    std::optional<std::size_t> inUse; ///< row of the layout that the job fixes; none where it fixes nothing
    std::optional<training::Machine> machine;
    std::optional<training::Job> job;
    validation::Validity validity;
    Diagnostics problems; ///< why there is no plan, or no layout as the job fixes it
    /// The row of a layout; that in use, or the best, where there is none or none is asked for.
    [[nodiscard]] std::size_t rowOf(const std::optional<scenario::LayoutChoice>& layout) const;
};

/// Layouts listed beside the near-optimal ones, and the most of those.
inline constexpr int kPlanRows = 30;
inline constexpr int kNearOptimalRows = 200;

[[nodiscard]] PlanSheet planSheet(const PlanQuestion& question, std::stop_token stop = {});

/// Columns of planTable that something is looked up in.
enum class PlanColumn { Rank, State, Step, Slower, Mfu, Tokens, Gpus, Memory, Capacity, Tp };
[[nodiscard]] widgets::DataTable planTable(const PlanSheet& sheet);
[[nodiscard]] widgets::Caption planCaption(const PlanSheet& sheet);
/// Why nothing stands in the tables and charts; empty where something does.
[[nodiscard]] QString whyNoPlan(const PlanSheet& sheet);

[[nodiscard]] widgets::DataTable familiesTable(const PlanSheet& sheet);
[[nodiscard]] widgets::Caption familiesCaption(const PlanSheet& sheet);

/// Memory of the selected layout by kind, beside the best one's.
[[nodiscard]] widgets::StackValues memoryValues(const PlanSheet& sheet, std::size_t row);
[[nodiscard]] widgets::Caption memoryCaption(const PlanSheet& sheet, std::size_t row);
/// Its step by pipeline stage and class.
[[nodiscard]] widgets::StackValues stageValues(const PlanSheet& sheet, std::size_t row);
[[nodiscard]] widgets::Caption stageCaption(const PlanSheet& sheet, std::size_t row,
                                            const widgets::StackValues& values);

/// "TP2 PP14 VP7 CP8 EP64 DP980, micro-batch 1": a layout for people.
[[nodiscard]] QString layoutText(const training::Layout& layout);
/// "none", "selective", "23 % of the layers", "all layers".
[[nodiscard]] QString recomputeText(const training::StepAnatomy& step);
/// One sentence on a row: its rank, its layout, and why it loses.
[[nodiscard]] QString rowSentence(const PlanSheet& sheet, std::size_t row);

} // namespace atlas::app
