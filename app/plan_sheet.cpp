#include "app/plan_sheet.h"

#include "model/operations/calendar.h"
#include "model/validation/validity.h"

#include <algorithm>

namespace atlas::app {

namespace {

const scenario::Assignment* trainingOf(const scenario::Scenario& s, const PaneChoice& choice) {
    const scenario::Strategy* strategy = s.strategy(choice.strategy);
    if (strategy == nullptr) {
        return nullptr;
    }
    const scenario::Assignment* shown = featured(*strategy, choice.cluster);
    if (shown != nullptr && shown->activity == scenario::Activity::Train) {
        return shown;
    }
    const auto first =
        std::ranges::find(strategy->assignments, scenario::Activity::Train, &scenario::Assignment::activity);
    return first == strategy->assignments.end() ? nullptr : &*first;
}

bool fixes(const scenario::LayoutChoice& layout) {
    return !(layout == scenario::LayoutChoice{});
}

} // namespace

PlanQuestion planQuestion(const Workspace& workspace, std::shared_ptr<const scenario::Scenario> scenario,
                          Side side, double timeS) {
    const Pane& pane = workspace.pane(side);
    PlanQuestion question;
    question.side = side;
    question.strategy = pane.choice.strategy;
    const scenario::Scenario& s = *scenario;
    const scenario::Assignment* assignment = trainingOf(s, pane.choice);
    if (assignment == nullptr) {
        question.nothing = (pane.strategyName.empty() ? pane.choice.strategy : pane.strategyName) +
                           " trains nothing: there is no layout to plan";
    } else {
        question.cluster = assignment->cluster;
        question.job = assignment->job;
        question.placement = assignment->placement;
        question.month = std::max(operations::monthAt(s.start, timeS), assignment->from);
    }
    question.scenario = std::move(scenario);
    return question;
}

Side planSide(const Workspace& workspace) {
    for (const Side side : kSides) {
        if (trainingOf(*workspace.scenario, workspace.pane(side).choice) != nullptr) {
            return side;
        }
    }
    return Side::A;
}

std::size_t PlanSheet::rowOf(const std::optional<scenario::LayoutChoice>& layout) const {
    if (layout) {
        const auto found = std::ranges::find_if(rows, [&](const training::StepAnatomy& row) {
            return training::choiceOf(row.layout) == *layout;
        });
        if (found != rows.end()) {
            return static_cast<std::size_t>(found - rows.begin());
        }
    }
    return inUse.value_or(0);
}

PlanSheet planSheet(const PlanQuestion& question, std::stop_token stop) {
    PlanSheet sheet;
    sheet.question = question;
    if (!question.nothing.empty()) {
        sheet.problems = failure(question.nothing, "");
        return sheet;
    }
    const scenario::Scenario& s = *question.scenario;
    const scenario::Cluster* cluster = s.cluster(question.cluster);
    const scenario::TrainJob* job = s.trainJob(question.job);
    if (cluster == nullptr || job == nullptr) {
        sheet.problems = failure("the strategy names a cluster or a job that is not there", "");
        return sheet;
    }
    auto machine = training::machineOf(s, *cluster, question.month);
    auto typed = training::jobOf(s, *job, question.placement);
    if (!machine || !typed) {
        sheet.problems = machine ? typed.errors() : machine.errors();
        return sheet;
    }
    training::PlanOptions options;
    options.top = kPlanRows;
    options.nearOptimalAtMost = kNearOptimalRows;
    options.stop = stop;
    auto plan = training::plan(*machine, *typed, options);
    if (!plan) {
        sheet.problems = plan.errors();
        return sheet;
    }
    sheet.rows = plan->best;
    sheet.plan = std::move(*plan);
    if (fixes(job->layout)) {
        options.top = 1;
        options.nearOptimalAtMost = 0;
        options.fixed = job->layout;
        if (auto fixed = training::plan(*machine, *typed, options)) {
            training::StepAnatomy& step = fixed->best.front();
            const auto same = std::ranges::find_if(
                sheet.rows, [&](const training::StepAnatomy& row) { return row.layout == step.layout; });
            sheet.inUse = static_cast<std::size_t>(same - sheet.rows.begin());
            if (same == sheet.rows.end()) {
                sheet.rows.push_back(std::move(step));
            }
        } else {
            sheet.problems = fixed.errors();
        }
    }
    sheet.validity = validation::assessTraining(s, *cluster, *job, question.placement, question.month);
    sheet.machine = std::move(*machine);
    sheet.job = std::move(*typed);
    return sheet;
}

} // namespace atlas::app
