// The deck of charts at the foot of the window and the strategies table beside them.
#pragma once

#include "app/chart_values.h"
#include "widgets/chart_card.h"
#include "widgets/strategy_table.h"

#include <QWidget>

class QSplitter;

namespace atlas::app {

class ChartDeck : public QWidget {
    Q_OBJECT
public:
    explicit ChartDeck(const scenes::Theme& theme, QWidget* parent = nullptr);

    void setTheme(const scenes::Theme& theme);
    void setWorkspace(const Workspace& workspace);
    void setUtilisation(const Workspace& workspace, const widgets::UtilisationValues& values);
    void setComparison(const Workspace& workspace, const explore::Comparison& comparison);
    /// The table is there before the panes are.
    void setTable(const explore::Comparison& comparison);
    void setProgress(double share) { m_table->setProgress(share); }
    void setNow(double timeS);

    [[nodiscard]] std::vector<widgets::ChartCard*> cards() const {
        return {m_waterfall, m_utilisation, m_cash};
    }
    [[nodiscard]] widgets::StrategyTable& table() const { return *m_table; }
    [[nodiscard]] QSplitter& splitter() const { return *m_splitter; }

signals:
    void seekRequested(double timeS);
    void exportRequested(atlas::widgets::ChartCard* card, atlas::widgets::ChartFormat format);

private:
    widgets::ChartCard* addCard(const QString& name, std::unique_ptr<widgets::Plot> plot);
    void maximise(QWidget* which, bool maximised);

    QSplitter* m_splitter;
    widgets::WaterfallPlot* m_waterfallPlot;
    widgets::UtilisationPlot* m_utilisationPlot;
    widgets::CashPlot* m_cashPlot;
    widgets::ChartCard* m_waterfall = nullptr;
    widgets::ChartCard* m_utilisation = nullptr;
    widgets::ChartCard* m_cash = nullptr;
    widgets::StrategyTable* m_table;
};

} // namespace atlas::app
