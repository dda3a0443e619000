// The serving page with its panel: traffic, promises, router and autoscaler of the services. Every change is
// a wish of the person; the session makes it undoable.
#pragma once

#include "app/pages/exhibit_page.h"

namespace atlas::app {

class TrafficPanel;

class ServingDesk : public ExhibitPage {
    Q_OBJECT
public:
    explicit ServingDesk(PageSpec spec, QWidget* parent = nullptr);

    void setTheme(const scenes::Theme& theme) override;
    void setScenario(const scenario::Scenario& scenario, const scenario::Scenario& original) override;
    [[nodiscard]] TrafficPanel& traffic() const { return *m_traffic; }

signals:
    void numberChanged(const QString& path, double valueSi);
    void wordChanged(const QString& path, const QString& word);

private:
    TrafficPanel* m_traffic;
};

} // namespace atlas::app
