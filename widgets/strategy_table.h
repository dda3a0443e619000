// The strategies table: values with ranges and differences, the clear winner of a row marked.
#pragma once

#include "widgets/colours.h"
#include "widgets/strategy_table_model.h"

#include <QWidget>

#include <memory>

class QMenu;
class QTableView;
class QToolButton;

namespace atlas::widgets {

class StrategyHeader;
class StrategyDelegate;
class ThemedLabel;

class StrategyTable : public QWidget {
    Q_OBJECT
public:
    explicit StrategyTable(QWidget* parent = nullptr);
    ~StrategyTable() override;

    void setComparison(const explore::Comparison& comparison);
    void setSides(const QString& idA, const QString& idB);
    void setBase(const QString& id);
    /// Month of simulated time 0: numbers of months are then shown as dates.
    void setStart(scenario::Month start);
    void setTheme(const Theme& theme);
    /// Share of the ranges computed so far, 0..1; 1 hides the progress line.
    void setProgress(double share);

    [[nodiscard]] const StrategyTableModel& model() const { return *m_model; }
    [[nodiscard]] QTableView* view() const { return m_view; }
    [[nodiscard]] StrategyHeader* header() const { return m_header; }
    [[nodiscard]] QString title() const;
    void copyToClipboard() const;

signals:
    void sideChosen(atlas::widgets::Side side, const QString& strategyId);
    void baseChosen(const QString& strategyId);
    void exportRequested(atlas::widgets::TableFormat format);
    /// One click on a number: where does it come from?
    void whyRequested(const QString& strategyId, const QString& headlineKey);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void fillMenu(int column);
    void arrangeColumns();
    void fitColumns();
    void retitle();

    StrategyTableModel* m_model;
    QTableView* m_view;
    StrategyHeader* m_header;
    StrategyDelegate* m_delegate;
    ThemedLabel* m_title;
    ThemedLabel* m_subtitle;
    QToolButton* m_menuButton;
    QMenu* m_menu;
    QWidget* m_progress;
    std::unique_ptr<Theme> m_theme;
};

} // namespace atlas::widgets
