#include "app/scaling_values.h"

#include "app/chart_values.h"
#include "app/plan_sheet.h"
#include "model/validation/validated_range.h"
#include "model/validation/validity.h"
#include "widgets/format.h"

#include <QCoreApplication>

#include <algorithm>
#include <set>

namespace atlas::app {

namespace {

using widgets::text;

QString tr(const char* words) {
    return QCoreApplication::translate("ScalingValues", words);
}

/// The training assignments of the panes: what their curves are about.
struct PaneTraining {
    Side side = Side::A;
    std::string cluster, job;
    scenario::Placement placement = scenario::Placement::Naive;
};

std::vector<PaneTraining> trainingOf(const Workspace& workspace) {
    std::vector<PaneTraining> list;
    for (const Side side : kSides) {
        const PlanQuestion question = planQuestion(workspace, workspace.scenario, side, 0);
        if (question.nothing.empty()) {
            list.push_back({side, question.cluster, question.job, question.placement});
        }
    }
    return list;
}

std::set<std::string> classesOf(const scenario::Scenario& s, const std::string& cluster) {
    std::set<std::string> classes;
    if (const scenario::Cluster* found = s.cluster(cluster)) {
        for (const scenario::Island& island : found->islands) {
            classes.insert(island.gpu);
        }
    }
    return classes;
}

std::vector<std::string> paneCurves(const scenario::Scenario& s, const std::vector<PaneTraining>& panes) {
    std::vector<std::string> ids;
    for (const PaneTraining& pane : panes) {
        const auto classes = classesOf(s, pane.cluster);
        ids.insert(ids.end(), classes.begin(), classes.end());
        ids.push_back(explore::mixId(pane.cluster, pane.placement));
    }
    return ids;
}

QString shortName(const std::string& name) {
    return text(name.substr(0, std::min(name.find(','), name.find(" \u00b7"))));
}

widgets::ScalingValues::Look lookOf(const scenario::Scenario& s, const explore::ScalingCurve& curve,
                                    int number, const std::vector<PaneTraining>& panes) {
    widgets::ScalingValues::Look look;
    look.classColour = number;
    if (curve.cluster.empty()) {
        look.label = text(curve.gpu);
        return look;
    }
    const scenario::Cluster* cluster = s.cluster(curve.cluster);
    look.label = tr("%1 mix").arg(shortName(cluster->name.empty() ? cluster->id : cluster->name));
    for (const PaneTraining& pane : panes) {
        if (pane.cluster == curve.cluster && pane.placement == curve.placement && !look.side) {
            look.side = pane.side;
            look.label = QStringLiteral("%1 · %2").arg(QChar(widgets::letter(pane.side))).arg(look.label);
        }
    }
    if (!look.side) {
        look.label += QStringLiteral(", ") + text(std::string(scenario::nameOf(curve.placement)));
    }
    return look;
}

/// The curve that a title is about: the mix that the side trains on, its class where it has one only.
const explore::ScalingCurve* telling(const Workspace& workspace, Side side, const explore::Scaling& scaling) {
    const PlanQuestion question = planQuestion(workspace, workspace.scenario, side, 0);
    const std::string mix = explore::mixId(question.cluster, question.placement);
    const auto classes = classesOf(*workspace.scenario, question.cluster);
    for (const explore::ScalingCurve& curve : scaling.curves) {
        if (curve.id == mix || (classes.size() == 1 && classes.contains(curve.id))) {
            return &curve;
        }
    }
    return scaling.curves.empty() ? nullptr : &scaling.curves.back();
}

bool sameNumbers(const explore::ScalingOptions& a, const explore::ScalingOptions& b) {
    return a.job == b.job && a.precision == b.precision && a.batch == b.batch && a.curves == b.curves;
}

} // namespace

std::shared_ptr<const explore::Scaling>
ScalingStore::get(const std::shared_ptr<const scenario::Scenario>& scenario,
                  const explore::ScalingOptions& options, Diagnostics& problems) {
    {
        const std::lock_guard lock(m_mutex);
        if (m_scaling && m_scenario == scenario && sameNumbers(m_options, options)) {
            return m_scaling;
        }
    }
    auto scaling = explore::scaling(*scenario, options);
    if (!scaling) {
        problems = scaling.errors();
        return nullptr;
    }
    const std::lock_guard lock(m_mutex);
    m_scenario = scenario;
    m_options = options;
    m_scaling = std::make_shared<const explore::Scaling>(std::move(*scaling));
    return m_scaling;
}

ScalingAnswer scalingAnswer(const Workspace& workspace, Side side, const ScalingChoice& choice,
                            ScalingStore& store, std::stop_token stop) {
    ScalingAnswer answer;
    const scenario::Scenario& s = *workspace.scenario;
    const std::vector<PaneTraining> panes = trainingOf(workspace);
    explore::ScalingOptions options;
    options.job = choice.job;
    if (options.job.empty()) {
        const auto own = std::ranges::find(panes, side, &PaneTraining::side);
        options.job = own != panes.end() ? own->job : panes.empty() ? std::string() : panes.front().job;
    }
    options.precision = choice.precision;
    options.batch = choice.batch;
    options.stop = stop;
    if (choice.curves == ScalingChoice::Curves::Panes) {
        options.curves = paneCurves(s, panes);
    }
    const auto scaling = store.get(workspace.scenario, options, answer.problems);
    if (!scaling) {
        return answer;
    }
    answer.values.scaling = *scaling;
    answer.values.metric = choice.metric;
    answer.values.validatedGpus = validation::ValidatedRange::training().largestGpus;
    int number = 0;
    for (const explore::ScalingCurve& curve : scaling->curves) {
        answer.values.looks.push_back(lookOf(s, curve, number++, panes));
    }
    if (const explore::ScalingCurve* curve = telling(workspace, side, *scaling)) {
        answer.values.finding = text(explore::scalingFinding(*scaling, *curve));
    }
    return answer;
}

widgets::Caption scalingCaption(const Workspace& workspace, Side, const ScalingAnswer& answer) {
    const explore::Scaling& scaling = answer.values.scaling;
    if (scaling.curves.empty()) {
        return {tr("Nothing scales"),
                text(atlas::text(answer.problems)).trimmed(),
                provenance(*workspace.scenario),
                {}};
    }
    const QString batch = widgets::quantityText(scaling.batchTokens, units::Dimension::Tokens);
    const QString rule = scaling.batch == explore::BatchRule::Held
                             ? tr("a batch of %1 at any size").arg(batch)
                             : tr("a batch of %1 that grows with the GPUs beyond %2")
                                   .arg(batch, widgets::countText(scaling.growFromGpus));
    const bool outside = std::ranges::any_of(scaling.curves, [](const explore::ScalingCurve& curve) {
        return std::ranges::any_of(curve.points,
                                   [](const explore::ScalingPoint& point) { return !point.outside.empty(); });
    });
    const QString subtitle =
        tr("%1 · %2 in %3, %4, idle GPUs and interruptions counted · diamond: efficiency falls below %5")
            .arg(widgets::metricWords(answer.values.metric), text(scaling.jobName),
                 text(std::string(scenario::nameOf(scaling.precision))), rule,
                 widgets::percentText(scaling.kneeShare, 0));
    const QString caveat = outside ? tr("%1 Hollow points and dashed lines lie outside what was checked")
                                         .arg(text(std::string(validation::kMark)))
                                   : QString();
    return {answer.values.finding, subtitle, provenance(*workspace.scenario), caveat};
}

} // namespace atlas::app
