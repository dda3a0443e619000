#include "app/pages/serving_desk.h"

#include "app/traffic_panel.h"

namespace atlas::app {

ServingDesk::ServingDesk(PageSpec spec, QWidget* parent)
    : ExhibitPage(std::move(spec), parent)
    , m_traffic(new TrafficPanel) {
    connect(m_traffic, &TrafficPanel::numberChanged, this, &ServingDesk::numberChanged);
    connect(m_traffic, &TrafficPanel::wordChanged, this, &ServingDesk::wordChanged);
    addPanel(m_traffic, 2, PanelHeight::Tall);
}

void ServingDesk::setTheme(const scenes::Theme& theme) {
    ExhibitPage::setTheme(theme);
    m_traffic->setTheme(theme);
}

void ServingDesk::setScenario(const scenario::Scenario& scenario, const scenario::Scenario& original) {
    m_traffic->setScenario(scenario, original);
}

} // namespace atlas::app
