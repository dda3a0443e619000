// The charts of the operations page that are drawn from expectations: checkpoints and the slowest of N.
#include "app/operations_values.h"
#include "model/operations/barrier.h"
#include "model/operations/checkpoint_interval.h"
#include "model/operations/outlook.h"
#include "widgets/format.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <numeric>

namespace atlas::app {

namespace {

using widgets::AxisUnit;
using widgets::CurvesValues;
using widgets::letter;
using widgets::percentText;

constexpr double kShortestS = 10;
constexpr double kLongestS = 86'400;
constexpr int kIntervals = 160;
constexpr double kFewestGpus = 8;
constexpr double kMostGpus = 1e6;
constexpr int kCounts = 60;

QString tr(const char* text) {
    return QCoreApplication::translate("OperationsValues", text);
}

double geometric(double low, double high, int i, int count) {
    return low * std::pow(high / low, static_cast<double>(i) / (count - 1));
}

const scenario::Cluster* clusterNamed(const scenario::Scenario& scenario, const std::string& name) {
    const auto found = std::ranges::find(scenario.clusters, name, &scenario::Cluster::name);
    return found == scenario.clusters.end() ? nullptr : &*found;
}

/// Typical time of the slowest of `gpus` members over one of average speed without noise, less 1. The slowest
/// bins of which one would not even expect half a GPU count with the next: they are as likely empty as not.
double excessOfSlowest(double gpus, double spread, double jitter) {
    const auto shares = operations::StaticSpeeds::expectedShares();
    std::vector<std::size_t> order(shares.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto slowdown = [spread](std::size_t bin) {
        return operations::StaticSpeeds::slowdown(bin, spread);
    };
    std::ranges::sort(order, std::greater{}, slowdown);
    std::vector<operations::MemberGroup> groups;
    double waiting = 0; // members of bins too rare to count
    for (const std::size_t bin : order) {
        waiting += gpus * shares[bin];
        if (waiting >= std::numbers::ln2 || (bin == order.back() && waiting > 0)) {
            groups.push_back({0, bin, waiting, 0, slowdown(bin)});
            waiting = 0;
        }
    }
    return operations::typicalBarrierS(groups, operations::StepNoise{jitter}, 0) - 1;
}

} // namespace

CurvesValues checkpointValues(const Workspace& workspace, const explore::Comparison& comparison) {
    CurvesValues values;
    values.name = QStringLiteral("checkpoint-interval");
    values.x = {tr("between checkpoints [s]"), AxisUnit::Seconds, true, kShortestS, kLongestS};
    values.y = {tr("goodput"), AxisUnit::Share, false, 0.0, {}};
    QStringList findings;
    const scenario::Scenario& scenario = *workspace.scenario;
    for (const Side side : kSides) {
        const auto result = std::ranges::find(comparison.strategies, workspace.pane(side).choice.strategy,
                                              &explore::StrategyResult::id);
        if (result == comparison.strategies.end() || !result->training) {
            continue;
        }
        const scenario::Cluster* cluster = clusterNamed(scenario, result->trainingCluster);
        if (cluster == nullptr) {
            continue;
        }
        const operations::Outlook outlook = operations::outlookOf(scenario, *cluster, *result->training);
        const operations::Interruptions& stops = outlook.interruptions;
        const double rest = outlook.kept > 0 ? outlook.goodput() / outlook.kept : 0;
        const auto goodput = [&](double intervalS) { return operations::keptShare(stops, intervalS) * rest; };
        widgets::Curve curve;
        curve.name = QStringLiteral("%1 · %2")
                         .arg(QLatin1Char(letter(side)))
                         .arg(QString::fromStdString(cluster->name));
        curve.label = QString(QLatin1Char(letter(side)));
        curve.side = side;
        for (int i = 0; i < kIntervals; ++i) {
            const double interval = geometric(kShortestS, kLongestS, i, kIntervals);
            curve.points.emplace_back(interval, goodput(interval));
        }
        const auto mark = [&](double interval, const QString& words) {
            if (std::isfinite(interval) && interval > 0) {
                values.marks.push_back({QPointF(interval, goodput(interval)), words, side});
            }
        };
        mark(operations::bestIntervalS(stops), tr("best"));
        mark(operations::youngIntervalS(stops.failuresPerS, stops.stallS), tr("Young"));
        mark(operations::dalyIntervalS(stops.failuresPerS, stops.stallS), tr("Daly"));
        const double set = scenario.operations.checkpoint.intervalS.value;
        if (set > 0) {
            mark(set, tr("in use"));
        }
        findings << tr("%1 keeps most, %2, saving every %3")
                        .arg(QLatin1Char(letter(side)))
                        .arg(percentText(goodput(operations::bestIntervalS(stops)), 0),
                             widgets::durationText(operations::bestIntervalS(stops)));
        values.curves.push_back(std::move(curve));
    }
    values.finding = findings.join(QStringLiteral("; "));
    return values;
}

CurvesValues slowdownValues(const Workspace& workspace) {
    CurvesValues values;
    values.name = QStringLiteral("slowdown-gpus");
    values.x = {tr("GPUs that wait for each other"), AxisUnit::Count, true, kFewestGpus, kMostGpus};
    values.y = {tr("slowest over a lone GPU"), AxisUnit::Excess, false, 0.0, {}};
    std::vector<std::pair<double, double>> drawn; // noise of the curves that are there
    for (const Side side : kSides) {
        const scenario::Cluster* cluster = workspace.scenario->cluster(workspace.pane(side).choice.cluster);
        if (cluster == nullptr) {
            continue;
        }
        const double spread = std::max(0.0, cluster->staticSpeedSpread.value);
        const double jitter = std::max(0.0, cluster->stepJitter.value);
        const double gpus = static_cast<double>(
            workspace.pane(side).timeline ? workspace.pane(side).timeline->cluster()->gpuCount : 0);
        if (!(jitter > 0)) {
            continue;
        }
        const std::pair noise{spread, jitter};
        if (std::ranges::find(drawn, noise) == drawn.end()) {
            const bool both = !drawn.empty() || workspace.pane(Side::A).choice.cluster ==
                                                    workspace.pane(Side::B).choice.cluster;
            widgets::Curve curve{
                tr("%1, simulated").arg(QLatin1Char(letter(side))), tr("simulated"), side, false, {}};
            widgets::Curve law{tr("%1, σ√(2 ln N)").arg(QLatin1Char(letter(side))),
                               tr("σ√(2 ln N)"),
                               both ? std::optional(side) : std::nullopt,
                               true,
                               {}};
            // Independent noise of one GPU in one step: what is lasting and what is not, together.
            const double sigma = std::hypot(spread, jitter);
            for (int i = 0; i < kCounts; ++i) {
                const double n = geometric(kFewestGpus, kMostGpus, i, kCounts);
                curve.points.emplace_back(n, excessOfSlowest(n, spread, jitter));
                law.points.emplace_back(n, sigma * std::sqrt(2 * std::log(n)));
            }
            values.curves.push_back(std::move(curve));
            values.curves.push_back(std::move(law));
            drawn.push_back(noise);
        }
        if (gpus > 0) {
            const double excess = excessOfSlowest(gpus, spread, jitter);
            values.marks.push_back({QPointF(gpus, excess),
                                    QStringLiteral("%1 %2")
                                        .arg(QLatin1Char(letter(side)))
                                        .arg(widgets::axisText(excess, AxisUnit::Excess)),
                                    side});
            values.finding += (values.finding.isEmpty() ? QString() : QStringLiteral("; ")) +
                              tr("the slowest of %1 GPUs of %2 is %3 late")
                                  .arg(widgets::countText(gpus))
                                  .arg(QLatin1Char(letter(side)))
                                  .arg(percentText(excess));
        }
    }
    if (!values.finding.isEmpty()) {
        values.finding[0] = values.finding[0].toUpper();
    }
    return values;
}

} // namespace atlas::app
