#include "widgets/scenario_panel.h"

#include <QScrollArea>
#include <QVBoxLayout>

namespace atlas::widgets {

ScenarioPanel::ScenarioPanel(QWidget* parent)
    : QWidget(parent)
    , m_strategies(new PanelList(tr("Strategies")))
    , m_clusters(new PanelList(tr("Clusters")))
    , m_colourings(new PanelList(tr("Colour by"))) {
    setProperty("look", "panel");
    setAttribute(Qt::WA_StyledBackground);
    m_strategies->setOfferedBadges(QStringLiteral("AB"));
    m_strategies->setObjectName(QStringLiteral("strategies"));
    m_clusters->setObjectName(QStringLiteral("clusters"));
    m_colourings->setObjectName(QStringLiteral("colourings"));
    auto* inside = new QWidget;
    auto* lists = new QVBoxLayout(inside);
    lists->setContentsMargins(8, 12, 8, 12);
    lists->setSpacing(16);
    lists->addWidget(m_strategies);
    lists->addWidget(m_clusters);
    lists->addWidget(m_colourings);
    lists->addStretch(1);
    auto* scroll = new QScrollArea;
    scroll->setWidget(inside);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(scroll);

    connect(m_strategies, &PanelList::badgeChosen, this, [this](const QString& id, QChar letter) {
        emit strategyChosen(letter == 'A' ? Side::A : Side::B, id);
    });
    connect(m_strategies, &PanelList::activated, this,
            [this](const QString& id, Qt::KeyboardModifiers modifiers) {
                emit strategyChosen(modifiers & Qt::ShiftModifier ? Side::A : Side::B, id);
            });
    connect(m_clusters, &PanelList::activated, this, [this](const QString& id) { emit clusterChosen(id); });
    connect(m_colourings, &PanelList::activated, this,
            [this](const QString& id) { emit colouringChosen(id); });
}

void ScenarioPanel::setStrategies(const std::vector<PanelItem>& strategies) {
    std::vector<PanelItem> items = strategies;
    for (PanelItem& item : items) {
        if (item.tip.isEmpty()) {
            item.tip = item.text;
        }
        item.tip += tr("\nClick: show as B. Shift and click: show as A.");
    }
    m_strategies->setItems(items);
}

void ScenarioPanel::setClusters(const std::vector<PanelItem>& clusters) {
    m_clusters->setItems(clusters);
}

void ScenarioPanel::setColourings(const std::vector<PanelItem>& colourings, const QString& chosen) {
    std::vector<PanelItem> items = colourings;
    for (PanelItem& item : items) {
        item.badge = item.id == chosen ? QStringLiteral("•") : QString();
    }
    m_colourings->setItems(items);
}

void ScenarioPanel::setTheme(const Theme& theme) {
    for (PanelList* list : {m_strategies, m_clusters, m_colourings}) {
        list->setTheme(theme);
    }
}

} // namespace atlas::widgets
