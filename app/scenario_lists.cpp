#include "app/scenario_lists.h"

#include "app/injection_words.h"
#include "model/operations/calendar.h"
#include "widgets/format.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace atlas::app {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ScenarioLists", text);
}

QString utf8(const std::string& text) {
    return QString::fromStdString(text);
}

/// "220 k": a count as it fits beside a name.
QString roundCount(double count) {
    return count >= 10'000 ? tr("%1 k").arg(std::lround(count / 1000.0)) : widgets::countText(count);
}

} // namespace

std::vector<widgets::PanelItem> strategyItems(const scenario::Scenario& scenario,
                                              const std::array<PaneChoice, 2>& choices) {
    std::vector<widgets::PanelItem> items;
    for (const scenario::Strategy& strategy : scenario.strategies) {
        widgets::PanelItem item;
        item.id = utf8(strategy.id);
        item.text = utf8(strategy.name);
        item.tip = utf8(strategy.note);
        for (const Side side : kSides) {
            if (choices[index(side)].strategy == strategy.id) {
                item.badge += QLatin1Char(widgets::letter(side));
            }
        }
        items.push_back(item);
    }
    return items;
}

std::vector<widgets::PanelItem> clusterItems(const scenario::Scenario& scenario,
                                             const std::array<PaneChoice, 2>& choices) {
    std::vector<widgets::PanelItem> items;
    for (const scenario::Cluster& cluster : scenario.clusters) {
        double gpus = 0;
        for (const scenario::Island& island : cluster.islands) {
            gpus += island.gpuCount.value;
        }
        widgets::PanelItem item;
        item.id = utf8(cluster.id);
        item.text = utf8(cluster.name);
        item.note = roundCount(gpus);
        item.tip = utf8(cluster.note);
        for (const Side side : kSides) {
            if (choices[index(side)].cluster == cluster.id) {
                item.badge += QLatin1Char(widgets::letter(side));
            }
        }
        items.push_back(item);
    }
    return items;
}

const std::vector<ColouringChoice>& colourings() {
    using enum scenes::ColourBy;
    static const std::vector<ColouringChoice> all = {
        {State, "state", tr("State"), tr("What each GPU is doing")},
        {Utilisation, "utilisation", tr("Utilisation"), tr("How busy each GPU is")},
        {Class, "class", tr("GPU class"), tr("Which generation each GPU is of")},
        {StallShare, "stall", tr("Stall share"), tr("How many GPUs of each rack stand still")},
        {Temperature, "temperature", tr("Temperature"),
         tr("How warm each GPU is, from its power and its coolant")},
        {Power, "power", tr("Power"), tr("What each GPU draws")},
        {DollarsLost, "lost", tr("Dollars lost"), tr("Market rent of the GPUs that stand still")},
    };
    return all;
}

std::vector<widgets::PanelItem> colouringItems() {
    std::vector<widgets::PanelItem> items;
    for (const ColouringChoice& choice : colourings()) {
        widgets::PanelItem item;
        item.id = QLatin1String(choice.id);
        item.text = choice.name;
        item.tip = tr("%1 (%2)").arg(choice.tip).arg(items.size() + 1);
        items.push_back(item);
    }
    return items;
}

QString colouringId(scenes::ColourBy colourBy) {
    return QLatin1String(std::ranges::find(colourings(), colourBy, &ColouringChoice::by)->id);
}

scenes::ColourBy colouringOf(const QString& id) {
    const auto found = std::ranges::find_if(
        colourings(), [&](const ColouringChoice& choice) { return id == QLatin1String(choice.id); });
    return found != colourings().end() ? found->by : scenes::ColourBy::State;
}

std::vector<widgets::TimeMark> timeMarks(const Workspace& workspace) {
    const scenario::Scenario& scenario = *workspace.scenario;
    std::vector<widgets::TimeMark> marks;
    const auto add = [&](Side side, scenario::Month month, operations::GpuState state, const QString& what) {
        const double timeS = operations::monthStartS(scenario.start, month);
        if (month > scenario.start && month.index <= scenario.start.index + scenario.horizonMonths) {
            marks.push_back({timeS, side, state, what + QStringLiteral(", ") + widgets::monthText(month)});
        }
    };
    for (const Side side : kSides) {
        const Pane& pane = workspace.pane(side);
        if (const scenario::Cluster* cluster = scenario.cluster(pane.choice.cluster)) {
            for (const scenario::Island& island : cluster->islands) {
                for (const auto& tranche : island.tranches) {
                    add(side, tranche.month, operations::GpuState::Computing,
                        tr("%1: %2 GPUs powered")
                            .arg(utf8(island.name), widgets::countText(tranche.gpus.value)));
                }
            }
        }
        if (const scenario::Contract* contract = scenario.contract(pane.assignment.contract)) {
            add(side, contract->start, operations::GpuState::Decode,
                tr("%1 begins").arg(utf8(contract->name)));
            add(side, contract->end, operations::GpuState::Checkpoint,
                tr("%1 ends").arg(utf8(contract->name)));
        }
    }
    for (widgets::TimeMark& mark : injectionMarks(workspace)) {
        marks.push_back(std::move(mark));
    }
    return marks;
}

} // namespace atlas::app
