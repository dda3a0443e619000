#include "app/traffic_panel.h"

#include "model/scenario/sections.h"
#include "widgets/drop_list.h"

#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>

#include <algorithm>

namespace atlas::app {

namespace {

constexpr int kColumnWidth = 230; ///< below which columns stand under each other

const char* const kRoutingPath = "traffic.routing";

QString routingLabel(std::size_t index) {
    switch (static_cast<scenario::RequestRouting>(index)) {
    case scenario::RequestRouting::Random:
        return TrafficPanel::tr("at random");
    case scenario::RequestRouting::LeastLoaded:
        return TrafficPanel::tr("to the least loaded replica");
    case scenario::RequestRouting::ClassAware:
        return TrafficPanel::tr("by class of GPU, then least loaded");
    }
    return {};
}

} // namespace

TrafficPanel::TrafficPanel(QWidget* parent)
    : QWidget(parent)
    , m_routingLabel(new widgets::ThemedLabel(widgets::TextRole::Body))
    , m_routing(new widgets::DropList)
    , m_head(new QWidget)
    , m_grid(new QGridLayout(this)) {
    setObjectName(QStringLiteral("traffic-panel"));
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setSpacing(0);
    const auto add = [this](const QString& heading, std::vector<std::string> paths) {
        auto* panel = new widgets::LeversPanel;
        panel->setHeading(heading);
        connect(panel, &widgets::LeversPanel::leverChanged, this, &TrafficPanel::numberChanged);
        m_columns.push_back({panel, std::move(paths)});
    };
    add(tr("Demand"),
        {"traffic.load", "traffic.ceiling", "traffic.growth", "traffic.surge_height", "traffic.burstiness"});
    add(tr("Chat"), {"traffic.chat.share", "traffic.chat.input_tokens", "traffic.chat.output_tokens",
                     "traffic.chat.time_to_first_token", "traffic.chat.time_per_output_token"});
    add(tr("Agents and batch"), {"traffic.agent.share", "traffic.agent.input_median", "traffic.batch.share",
                                 "traffic.batch.input_tokens", "traffic.batch.fill"});
    add(tr("Fleet"), {"traffic.autoscaling.target", "traffic.autoscaling.delay", "traffic.autoscaling.min",
                      "traffic.patience", "traffic.router_lag"});

    m_routingLabel->setText(tr("Requests go"));
    for (std::size_t i = 0; i < std::size(scenario::kRequestRoutingNames); ++i) {
        const std::string_view word = scenario::kRequestRoutingNames[i];
        m_routing->addItem(routingLabel(i), QString::fromUtf8(word.data(), static_cast<int>(word.size())));
    }
    m_routing->setAccessibleName(m_routingLabel->text());
    connect(m_routing, &QComboBox::activated, this, [this](int index) {
        emit wordChanged(QString::fromLatin1(kRoutingPath), m_routing->itemData(index).toString());
    });
    auto* line = new QHBoxLayout(m_head);
    line->setContentsMargins(12, 8, 12, 0);
    line->addWidget(m_routingLabel);
    line->addWidget(m_routing);
    line->addStretch(1);
    layOut();
}

void TrafficPanel::layOut() {
    const int across = width() >= 4 * kColumnWidth ? 4 : width() >= 2 * kColumnWidth ? 2 : 1;
    if (across == m_across) {
        return;
    }
    m_across = across;
    m_grid->addWidget(m_head, 0, 0, 1, across);
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        m_grid->addWidget(m_columns[i].panel, 1 + static_cast<int>(i) / across, static_cast<int>(i) % across);
    }
    for (int column = 0; column < 4; ++column) {
        m_grid->setColumnStretch(column, column < across ? 1 : 0);
    }
}

void TrafficPanel::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    layOut();
}

void TrafficPanel::setScenario(const scenario::Scenario& scenario, const scenario::Scenario& original) {
    for (const Column& column : m_columns) {
        auto levers = leversOf(scenario, original, column.paths);
        for (widgets::Lever& lever : levers) { // the heading already says whose it is
            lever.label = lever.label.section(QStringLiteral(" · "), 0, 0);
            const QString owner = lever.path.section('.', 1, 1);
            if (column.panel == m_columns[2].panel) {
                lever.label +=
                    QStringLiteral(" · ") + (owner == QLatin1String("agent") ? tr("agents") : tr("batch"));
            }
        }
        column.panel->setLevers(levers);
    }
    m_routing->setCurrentIndex(static_cast<int>(scenario.traffic.routing));
}

void TrafficPanel::setTheme(const scenes::Theme& theme) {
    m_routingLabel->setTheme(theme);
    for (const Column& column : m_columns) {
        column.panel->setTheme(theme);
    }
}

widgets::LeversPanel* TrafficPanel::column(const QString& path) const {
    for (const Column& column : m_columns) {
        if (std::ranges::find(column.paths, path.toStdString()) != column.paths.end()) {
            return column.panel;
        }
    }
    return nullptr;
}

} // namespace atlas::app
