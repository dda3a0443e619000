// Traffic and promises of the services, to be changed by hand: demand, kinds of requests, router and
// autoscaler. Every change is a wish; the session makes it undoable.
#pragma once

#include "app/levers.h"

#include <QWidget>

#include <memory>
#include <vector>

class QComboBox;
class QGridLayout;

namespace atlas::app {

class TrafficPanel : public QWidget {
    Q_OBJECT
public:
    explicit TrafficPanel(QWidget* parent = nullptr);

    void setScenario(const scenario::Scenario& scenario, const scenario::Scenario& original);
    void setTheme(const scenes::Theme& theme);

    /// The column that holds a number; null where none does.
    [[nodiscard]] widgets::LeversPanel* column(const QString& path) const;
    [[nodiscard]] QComboBox* routing() const { return m_routing; }

signals:
    void numberChanged(const QString& path, double valueSi);
    void wordChanged(const QString& path, const QString& word);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Column {
        widgets::LeversPanel* panel;
        std::vector<std::string> paths;
    };
    void layOut();

    std::vector<Column> m_columns;
    widgets::ThemedLabel* m_routingLabel;
    QComboBox* m_routing;
    QWidget* m_head;
    QGridLayout* m_grid;
    int m_across = 0;
};

} // namespace atlas::app
