// Tables, charts and sentences of a plan.
#include "app/chart_values.h"
#include "app/plan_sheet.h"
#include "app/validity_text.h"
#include "model/explore/step_difference.h"
#include "model/training/stages.h"
#include "widgets/format.h"

#include <QCoreApplication>

#include <algorithm>

namespace atlas::app {

namespace {

using training::StageAnatomy;
using training::StepAnatomy;
using units::Dimension;
using widgets::countText;
using widgets::percentText;
using widgets::quantityText;
using widgets::text;
using widgets::Tint;

constexpr double kGiga = 1e9;

QString tr(const char* words) {
    return QCoreApplication::translate("PlanSheet", words);
}

QString shardingText(training::Sharding sharding) {
    switch (sharding) {
    case training::Sharding::None:
        return tr("nothing");
    case training::Sharding::Fsdp:
        return tr("FSDP");
    case training::Sharding::Auto:
    case training::Sharding::Optimizer:
        break;
    }
    return tr("optimizer");
}

/// "A · Frontier MoE on Colossus 1 · article, March 2027, equal shares".
QString setting(const PlanSheet& sheet) {
    const PlanQuestion& q = sheet.question;
    const scenario::Scenario& s = *q.scenario;
    const scenario::TrainJob* job = s.trainJob(q.job);
    const scenario::Cluster* cluster = s.cluster(q.cluster);
    if (job == nullptr || cluster == nullptr) {
        return QString(QChar(widgets::letter(q.side)));
    }
    QString words =
        tr("%1 · %2 on %3, %4")
            .arg(QChar(widgets::letter(q.side)))
            .arg(text(job->name.empty() ? job->id : job->name),
                 text(cluster->name.empty() ? cluster->id : cluster->name), widgets::monthText(q.month));
    if (sheet.machine && sheet.machine->pools.size() > 1) {
        words += QStringLiteral(", ") + placementText(q.placement);
    }
    return words;
}

widgets::Caption captionOf(const PlanSheet& sheet, const QString& title, const QString& subtitle) {
    return {title, subtitle, provenance(*sheet.question.scenario), markedText(sheet.validity)};
}

/// Where a row stands: "best", "in use", "within 3 %".
QString stateText(const PlanSheet& sheet, std::size_t row) {
    QStringList words;
    if (row == sheet.inUse) {
        words << tr("in use");
    }
    if (row == 0) {
        words << tr("best");
    } else if (sheet.rows[row].stepTimeS <= training::kNearOptimal * sheet.rows[0].stepTimeS) {
        words << tr("within %1 %").arg(std::lround((training::kNearOptimal - 1) * 100));
    }
    return words.join(QStringLiteral(", "));
}

/// The in-use row at the end is behind layouts that are not listed: its rank is not known.
bool ranked(const PlanSheet& sheet, std::size_t row) {
    return row < sheet.plan.best.size();
}

double slower(const PlanSheet& sheet, std::size_t row) {
    return sheet.rows[row].stepTimeS / sheet.rows[0].stepTimeS - 1;
}

} // namespace

QString placementText(scenario::Placement placement) {
    switch (placement) {
    case scenario::Placement::Naive:
        return tr("equal shares");
    case scenario::Placement::Proportional:
        return tr("shares in proportion to speed");
    case scenario::Placement::ClassStages:
        return tr("stages by class");
    case scenario::Placement::LocalSgd:
        return tr("local SGD between islands");
    case scenario::Placement::DropSlowest:
        break;
    }
    return tr("slowest class left out");
}

QString layoutText(const training::Layout& l) {
    return text(l.text());
}

QString recomputeText(const StepAnatomy& step) {
    switch (step.layout.recompute) {
    case training::Recompute::None:
        return tr("none");
    case training::Recompute::Selective:
        return tr("selective");
    case training::Recompute::Full:
        return tr("all layers");
    case training::Recompute::Auto:
    case training::Recompute::Layers:
        break;
    }
    return tr("%1 of layers").arg(percentText(step.recomputeShare, 0));
}

QString whyNoPlan(const PlanSheet& sheet) {
    return sheet.rows.empty() ? text(atlas::text(sheet.problems)).trimmed() : QString();
}

widgets::DataTable planTable(const PlanSheet& sheet) {
    widgets::DataTable table;
    table.name = QStringLiteral("plan");
    // In the order of PlanColumn.
    table.columns = {tr("rank"),         tr("state"),   tr("step [s]"),    tr("slower [%]"), tr("MFU [%]"),
                     tr("tokens/s/GPU"), tr("GPUs"),    tr("memory [GB]"), tr("of [GB]"),    tr("TP"),
                     tr("PP"),           tr("VP"),      tr("CP"),          tr("EP"),         tr("DP"),
                     tr("mb"),           tr("sharded"), tr("recomputed"),  tr("why")};
    for (std::size_t i = 0; i < sheet.rows.size(); ++i) {
        const StepAnatomy& step = sheet.rows[i];
        const training::Layout& l = step.layout;
        table.rows.push_back(
            {ranked(sheet, i) ? QVariant(static_cast<double>(i + 1)) : QVariant(), stateText(sheet, i),
             step.stepTimeS, slower(sheet, i) * 100, step.mfu * 100, step.tokensPerSPerGpu,
             static_cast<double>(step.gpusUsed), step.memory.total() / kGiga, step.memory.capacity / kGiga,
             l.tp, l.pp, l.vp, l.cp, l.ep, static_cast<double>(l.dp), l.microBatch, shardingText(l.sharding),
             recomputeText(step), i == 0 ? QString() : text(explore::whyItLoses(sheet.rows[0], step))});
    }
    return table;
}

widgets::Caption planCaption(const PlanSheet& sheet) {
    if (sheet.rows.empty()) {
        return captionOf(sheet, tr("There is no plan"), setting(sheet));
    }
    const StepAnatomy& best = sheet.rows[0];
    QString title;
    if (!sheet.problems.empty()) {
        title = tr("The layout that the job fixes cannot run: %1").arg(text(sheet.problems.front().message));
    } else if (sheet.inUse && *sheet.inUse != 0) {
        title = tr("The layout in use is %1").arg(text(explore::whyItLoses(best, sheet.rows[*sheet.inUse])));
    } else {
        const auto others = sheet.plan.nearOptimal - 1;
        title = tr("%1 is fastest: %2 MFU, %3 a step; ")
                    .arg(layoutText(best.layout), percentText(best.mfu),
                         quantityText(best.stepTimeS, Dimension::Seconds));
        title += others == 0   ? tr("no other comes within 3 %")
                 : others == 1 ? tr("one more comes within 3 %")
                               : tr("%1 more come within 3 %").arg(countText(static_cast<double>(others)));
    }
    return captionOf(sheet, title,
                     tr("%1 · %2 layouts evaluated in %3, %4 feasible")
                         .arg(setting(sheet), countText(static_cast<double>(sheet.plan.evaluated)),
                              quantityText(sheet.plan.seconds, Dimension::Seconds),
                              countText(static_cast<double>(sheet.plan.feasible))));
}

QString rowSentence(const PlanSheet& sheet, std::size_t row) {
    if (row >= sheet.rows.size()) {
        return {};
    }
    const StepAnatomy& step = sheet.rows[row];
    const QString layout =
        tr("%1, sharded: %2, recomputed: %3")
            .arg(layoutText(step.layout), shardingText(step.layout.sharding), recomputeText(step));
    if (row == 0) {
        return tr("Best: %1").arg(layout);
    }
    const QString why = text(explore::whyItLoses(sheet.rows[0], step));
    return ranked(sheet, row) ? tr("Rank %1: %2 — %3").arg(row + 1).arg(layout, why)
                              : tr("In use: %1 — %2").arg(layout, why);
}

widgets::DataTable familiesTable(const PlanSheet& sheet) {
    widgets::DataTable table;
    table.name = QStringLiteral("plan-families");
    table.columns = {tr("family"),
                     tr("evaluated"),
                     tr("feasible"),
                     tr("best step [s]"),
                     tr("slower [%]"),
                     tr("rejected"),
                     tr("what killed most of them")};
    for (const training::Family& family : sheet.plan.families) {
        const bool runs = family.feasible > 0;
        std::int64_t rejected = 0;
        for (const training::Rejection& rejection : family.rejected) {
            rejected += rejection.count;
        }
        table.rows.push_back(
            {text(family.name), static_cast<double>(family.evaluated), static_cast<double>(family.feasible),
             runs ? QVariant(family.bestStepS) : QVariant(),
             runs ? QVariant((family.bestStepS / sheet.rows[0].stepTimeS - 1) * 100) : QVariant(),
             static_cast<double>(rejected),
             family.rejected.empty() ? QVariant() : QVariant(text(family.rejected.front().constraint))});
    }
    return table;
}

widgets::Caption familiesCaption(const PlanSheet& sheet) {
    const auto dead = std::ranges::count(sheet.plan.families, std::int64_t{0}, &training::Family::feasible);
    const std::size_t all = sheet.plan.families.size();
    const QString title = sheet.rows.empty() ? tr("There is no plan")
                          : dead == 0
                              ? tr("All %1 families of layouts have one that runs").arg(all)
                              : tr("%1 of %2 families of layouts have none that runs").arg(dead).arg(all);
    return captionOf(sheet, title, setting(sheet));
}

widgets::StackValues memoryValues(const PlanSheet& sheet, std::size_t row) {
    widgets::StackValues values;
    values.name = QStringLiteral("plan-memory");
    values.dimension = Dimension::Bytes;
    values.parts = {{tr("weights"), {Tint::Role::Ramp, 0.15}},
                    {tr("gradients"), {Tint::Role::Ramp, 0.35}},
                    {tr("optimizer"), {Tint::Role::Ramp, 0.55}},
                    {tr("activations"), {Tint::Role::Ramp, 0.75}},
                    {tr("workspace"), {Tint::Role::Ramp, 0.95}}};
    values.limitName = tr("there");
    const auto add = [&](std::size_t i, const QString& name) {
        const training::Memory& m = sheet.rows[i].memory;
        values.rows.push_back({name,
                               layoutText(sheet.rows[i].layout),
                               {m.weights, m.gradients, m.optimizer, m.activations, m.workspace},
                               {}});
        values.limit = std::max(values.limit, m.capacity);
    };
    if (row < sheet.rows.size()) {
        add(row, row == 0 ? tr("best") : ranked(sheet, row) ? tr("rank %1").arg(row + 1) : tr("in use"));
        if (row != 0) {
            add(0, tr("best"));
        }
        values.finding = memoryCaption(sheet, row).title;
    }
    return values;
}

widgets::Caption memoryCaption(const PlanSheet& sheet, std::size_t row) {
    if (row >= sheet.rows.size()) {
        return captionOf(sheet, tr("There is no plan"), setting(sheet));
    }
    const training::Memory& m = sheet.rows[row].memory;
    const std::pair<double, QString> kinds[] = {{m.weights, tr("weights")},
                                                {m.gradients, tr("gradients")},
                                                {m.optimizer, tr("the optimizer")},
                                                {m.activations, tr("activations")},
                                                {m.workspace, tr("workspace")}};
    const auto& most = *std::ranges::max_element(kinds, {}, &std::pair<double, QString>::first);
    return captionOf(sheet,
                     tr("%1 of %2 are taken, %3 by %4")
                         .arg(quantityText(m.total(), Dimension::Bytes),
                              quantityText(m.capacity, Dimension::Bytes),
                              quantityText(most.first, Dimension::Bytes), most.second),
                     tr("Memory of the fullest GPU by kind · %1").arg(setting(sheet)));
}

widgets::StackValues stageValues(const PlanSheet& sheet, std::size_t row) {
    widgets::StackValues values;
    values.name = QStringLiteral("plan-stages");
    values.dimension = Dimension::Seconds;
    values.hiddenName = tr("hidden behind compute");
    values.parts = {{tr("matrix products"), {Tint::Role::Computing, 0}},
                    {tr("attention"), {Tint::Role::Computing, 0.25}},
                    {tr("memory-bound"), {Tint::Role::Computing, 0.45}},
                    {tr("optimizer"), {Tint::Role::Computing, 0.62}},
                    {tr("TP"), {Tint::Role::Communicating, 0}},
                    {tr("CP"), {Tint::Role::Communicating, 0.2}},
                    {tr("EP"), {Tint::Role::Communicating, 0.36}},
                    {tr("PP"), {Tint::Role::Communicating, 0.5}},
                    {tr("DP"), {Tint::Role::Communicating, 0.64}},
                    {tr("bubble"), {Tint::Role::Waiting, 0}},
                    {tr("slowest GPU"), {Tint::Role::Waiting, 0.3}},
                    {tr("slower class"), {Tint::Role::Waiting, 0.55}}};
    if (row >= sheet.rows.size() || !sheet.machine || !sheet.job) {
        return values;
    }
    const auto stages = training::stagesOf(*sheet.machine, *sheet.job, sheet.rows[row]);
    if (!stages) {
        return values;
    }
    const int pp = sheet.rows[row].layout.pp;
    for (const StageAnatomy& s : *stages) {
        const QString span =
            s.first == s.last ? tr("stage %1").arg(s.first) : tr("stages %1–%2").arg(s.first).arg(s.last);
        const QString layers = s.head ? tr("%1 layers and the head").arg(countText(s.layers))
                                      : tr("%1 layers each").arg(countText(s.layers));
        values.rows.push_back({pp > 1 || s.last > 1 ? tr("%1, %2").arg(text(s.gpu), span) : text(s.gpu),
                               tr("%1, %2 GPUs").arg(layers, countText(static_cast<double>(s.gpus))),
                               {s.gemm, s.attention, s.elementwise, s.optimizer, s.tp.exposedS, s.cp.exposedS,
                                s.ep.exposedS, s.pp.exposedS, s.dp.exposedS, s.bubble, s.barrier, s.wait},
                               {0, 0, 0, 0, s.tp.hiddenS(), s.cp.hiddenS(), s.ep.hiddenS(), s.pp.hiddenS(),
                                s.dp.hiddenS(), 0, 0, 0}});
    }
    values.finding = stageCaption(sheet, row, values).title;
    return values;
}

widgets::Caption stageCaption(const PlanSheet& sheet, std::size_t row, const widgets::StackValues& values) {
    if (values.rows.empty()) {
        return captionOf(sheet, tr("There is no plan"), setting(sheet));
    }
    // The part, compute left out, that most GPU-time of the step goes to.
    const StepAnatomy& step = sheet.rows[row];
    constexpr std::size_t kFirstLoss = 4;
    std::size_t worstRow = 0;
    std::size_t worst = kFirstLoss;
    for (std::size_t r = 0; r < values.rows.size(); ++r) {
        for (std::size_t p = kFirstLoss; p < values.parts.size(); ++p) {
            if (values.rows[r].values[p] > values.rows[worstRow].values[worst]) {
                worst = p;
                worstRow = r;
            }
        }
    }
    const double share = values.rows[worstRow].values[worst] / step.stepTimeS;
    const QString title = tr("Most is lost on %1: %2 of the step to %3")
                              .arg(values.rows[worstRow].name, percentText(share), values.parts[worst].name);
    return captionOf(
        sheet, title,
        tr("Exposed time of one GPU a step of %1 by stage and class; below, thin: communication that "
           "compute hides · %2")
            .arg(quantityText(step.stepTimeS, Dimension::Seconds), layoutText(step.layout)));
}

} // namespace atlas::app
