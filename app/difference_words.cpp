#include "app/difference_words.h"

#include "app/pane_caption.h"
#include "app/scenario_lists.h"
#include "scenes/floor_difference.h"
#include "widgets/format.h"

#include <QCoreApplication>

#include <cmath>
#include <limits>
#include <set>

namespace atlas::app {

namespace {

using operations::GpuState;
using scenes::ColourBy;
using scenes::Colouring;
using widgets::countText;
using widgets::quantityText;
using Row = widgets::DifferenceContent::Row;

QString tr(const char* text) {
    return QCoreApplication::translate("DifferenceWords", text);
}

/// "+3.2 s": any number with its sign, in the words of its size.
template <class Words>
QString signedText(double difference, Words words) {
    return (difference < 0 ? QStringLiteral("−") : QStringLiteral("+")) + words(std::abs(difference));
}

template <class Words>
Row numbers(const QString& name, double a, double b, Words words) {
    return {name, words(a), words(b), signedText(b - a, words)};
}

Row shares(const QString& name, double a, double b) {
    return {name, widgets::percentText(a), widgets::percentText(b),
            scenes::differenceText(ColourBy::Utilisation, b - a)};
}

/// What the islands of a cluster have, each once: "8 + 72".
template <class Of>
QString ofIslands(const cluster::Cluster& cluster, Of of) {
    QStringList each;
    for (const cluster::Island& island : cluster.islands) {
        if (const QString words = of(island); !each.contains(words)) {
            each << words;
        }
    }
    return each.join(QStringLiteral(" + "));
}

QString dollarsAnHour(double usd) {
    return tr("$%1/h").arg(countText(std::round(usd)));
}

QString watts(double w) {
    return quantityText(w, units::Dimension::Watts);
}

QString seconds(double s) {
    return quantityText(s, units::Dimension::Seconds);
}

Row ofColour(ColourBy by, const PaneFigures& a, const PaneFigures& b) {
    switch (by) {
    case ColourBy::Temperature:
        return {tr("temperature now"), Colouring(by).text(a.temperatureC), Colouring(by).text(b.temperatureC),
                scenes::differenceText(by, b.temperatureC - a.temperatureC)};
    case ColourBy::StallShare:
        return shares(tr("stand still now"), a.still, b.still);
    case ColourBy::Power:
        return numbers(tr("GPU power now"), a.powerW, b.powerW, watts);
    case ColourBy::DollarsLost:
        return numbers(tr("rent lost now"), a.lostUsdPerHour, b.lostUsdPerHour, dollarsAnHour);
    default:
        return shares(tr("utilisation now"), a.utilisation, b.utilisation);
    }
}

void addNow(std::vector<Row>& rows, ColourBy by, const PaneFigures& a, const PaneFigures& b) {
    rows.push_back(ofColour(by, a, b));
    for (const ColourBy each : {ColourBy::Utilisation, ColourBy::StallShare, ColourBy::Power,
                                ColourBy::DollarsLost, ColourBy::Temperature}) {
        if (const Row row = ofColour(each, a, b); row.name != rows.front().name) {
            rows.push_back(row);
        }
    }
}

void addPace(std::vector<Row>& rows, const FramePair& frames) {
    const operations::Frame& a = *frames.frames[0];
    const operations::Frame& b = *frames.frames[1];
    if (a.training && b.training && a.stepTimeS > 0 && b.stepTimeS > 0) {
        rows.push_back(numbers(tr("this step"), a.stepTimeS, b.stepTimeS, seconds));
    }
    const operations::Waterfall& of = frames.workspace->pane(Side::A).waterfall;
    const operations::Waterfall& to = frames.workspace->pane(Side::B).waterfall;
    if (!of.empty() && !to.empty()) {
        rows.push_back(shares(tr("goodput of peak"), of.back().share, to.back().share));
    }
}

/// What a cluster is, whatever it does.
void addMake(std::vector<Row>& rows, const cluster::Cluster& a, const cluster::Cluster& b) {
    rows.push_back(numbers(tr("GPUs"), a.gpuCount, b.gpuCount, countText));
    rows.push_back({tr("classes"), fleetText(a), fleetText(b), {}});
    const auto domain = [](const cluster::Island& island) {
        return tr("%1 GPUs").arg(island.rackType.nvlinkDomainGpus);
    };
    const auto fabric = [](const cluster::Island& island) {
        return QString::fromStdString(island.fabric.name);
    };
    rows.push_back({tr("NVLink domain"), ofIslands(a, domain), ofIslands(b, domain), {}});
    rows.push_back({tr("fabric"), ofIslands(a, fabric), ofIslands(b, fabric), {}});
}

QString colouringName(ColourBy by) {
    const QString id = colouringId(by);
    for (const ColouringChoice& choice : colourings()) {
        if (id == QLatin1String(choice.id)) {
            return choice.name;
        }
    }
    return id;
}

/// Why the floor is not drawn as a difference; empty where it can be.
QString objection(const cluster::Cluster& a, const cluster::Cluster& b, bool floor, ColourBy by) {
    if (!scenes::sameFloor(a, b)) {
        return tr("A and B stand on different floors: %1 GPUs in %2 halls, and %3 in %4. GPU by GPU there is "
                  "nothing to subtract; these are the figures side by side.")
            .arg(countText(a.gpuCount), countText(static_cast<double>(a.halls.size())), countText(b.gpuCount),
                 countText(static_cast<double>(b.halls.size())));
    }
    if (!floor) {
        return tr("Only the floorplan can be drawn as a difference; these are the figures side by side.");
    }
    if (!scenes::isQuantity(by)) {
        return tr("“%1” is a name and no quantity: there is nothing to subtract. Colour by utilisation, "
                  "stall "
                  "share, temperature, power or dollars for a picture of the difference.")
            .arg(colouringName(by));
    }
    return {};
}

} // namespace

PaneFigures figuresOf(const cluster::Cluster& cluster, const operations::Frame& frame,
                      const operations::GpuConditions& conditions) {
    const auto held = std::make_shared<const operations::GpuConditions>(conditions);
    const Colouring power(ColourBy::Power, held);
    const Colouring temperature(ColourBy::Temperature, held);
    const Colouring lost(ColourBy::DollarsLost, held);
    PaneFigures sum;
    double warm = 0;
    sum.gpus = cluster.gpuCount;
    for (const cluster::Island& island : cluster.islands) {
        std::vector<std::uint32_t> alike(operations::kStateCount * 256);
        for (cluster::Index g = island.gpus.first; g < island.gpus.end(); ++g) {
            ++alike[std::size_t{frame.state[g]} * 256 + frame.utilisation[g]];
        }
        for (std::size_t i = 256; i < alike.size(); ++i) { // from the first state that has power
            if (alike[i] == 0) {
                continue;
            }
            const auto state = static_cast<GpuState>(i / 256);
            const double utilisation = static_cast<double>(i % 256) / 255.0;
            const double count = alike[i];
            sum.powered += count;
            sum.utilisation += count * utilisation;
            sum.still += operations::standsStill(state) ? count : 0;
            sum.powerW += count * power.quantity(island.gpuClass, state, utilisation);
            sum.lostUsdPerHour += count * lost.quantity(island.gpuClass, state, utilisation);
            if (const double celsius = temperature.quantity(island.gpuClass, state, utilisation);
                !std::isnan(celsius)) {
                sum.temperatureC += count * celsius;
                warm += count;
            }
        }
    }
    sum.temperatureC = warm > 0 ? sum.temperatureC / warm : std::numeric_limits<double>::quiet_NaN();
    if (sum.powered > 0) {
        sum.utilisation /= sum.powered;
        sum.still /= sum.powered;
    }
    return sum;
}

widgets::DifferenceContent
differenceContent(const FramePair& frames,
                  const std::array<std::shared_ptr<const operations::GpuConditions>, 2>& conditions,
                  bool floor, ColourBy by) {
    widgets::DifferenceContent content;
    if (!frames.frames[0] || !frames.frames[1]) {
        content.words = tr("One of the panes has no cluster to show: there is nothing to subtract.");
        return content;
    }
    const cluster::Cluster& a = *frames.workspace->pane(Side::A).timeline->cluster();
    const cluster::Cluster& b = *frames.workspace->pane(Side::B).timeline->cluster();
    const PaneFigures ofA = figuresOf(a, *frames.frames[0], *conditions[0]);
    const PaneFigures ofB = figuresOf(b, *frames.frames[1], *conditions[1]);
    content.words = objection(a, b, floor, by);
    content.map = content.words.isEmpty();
    if (!content.map) {
        addMake(content.rows, a, b);
        content.rows.push_back(numbers(tr("with power now"), ofA.powered, ofB.powered, countText));
        addPace(content.rows, frames);
    }
    std::vector<Row> now;
    addNow(now, by, ofA, ofB);
    content.rows.insert(content.rows.end(), now.begin(), now.end());
    if (content.map) {
        addPace(content.rows, frames);
    }
    return content;
}

} // namespace atlas::app
