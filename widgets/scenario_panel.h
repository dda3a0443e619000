// The left dock: strategies with their sides, clusters, and what colours mean.
#pragma once

#include "widgets/panel_list.h"
#include "widgets/side.h"

namespace atlas::widgets {

class ScenarioPanel : public QWidget {
    Q_OBJECT
public:
    explicit ScenarioPanel(QWidget* parent = nullptr);

    /// `badge` of an item: "A", "B" or "AB" where it is shown.
    void setStrategies(const std::vector<PanelItem>& strategies);
    /// `note`: number of GPUs; `badge`: where it is on screen.
    void setClusters(const std::vector<PanelItem>& clusters);
    void setColourings(const std::vector<PanelItem>& colourings, const QString& chosen);
    void setTheme(const Theme& theme);

    [[nodiscard]] PanelList& strategies() const { return *m_strategies; }
    [[nodiscard]] PanelList& clusters() const { return *m_clusters; }
    [[nodiscard]] PanelList& colourings() const { return *m_colourings; }

signals:
    /// A click on a strategy shows it as B, with Shift as A; the badges, the keys A and B and the context
    /// menu say which.
    void strategyChosen(atlas::widgets::Side side, const QString& id);
    void clusterChosen(const QString& id);
    void colouringChosen(const QString& id);

private:
    PanelList* m_strategies;
    PanelList* m_clusters;
    PanelList* m_colourings;
};

} // namespace atlas::widgets
