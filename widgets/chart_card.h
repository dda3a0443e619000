// A chart in the deck: the finding as title, the plot, and everything one can do with it.
#pragma once

#include "widgets/card_head.h"
#include "widgets/plot_view.h"

#include <QWidget>

class QMenu;

namespace atlas::widgets {

class ChartCard : public QWidget {
    Q_OBJECT
public:
    /// `name` stands in menus and file names ("waterfall").
    ChartCard(const QString& name, std::unique_ptr<Plot> plot, QWidget* parent = nullptr);

    [[nodiscard]] QString name() const { return m_name; }
    [[nodiscard]] PlotView& view() const { return *m_view; }
    [[nodiscard]] const Caption& caption() const { return m_head->caption(); }
    void setCaption(const Caption& caption);
    void setTheme(const Theme& theme);
    /// A row of controls between the title and the plot; the card takes it over.
    void setControls(QWidget* controls);
    /// What the host did about maximiseRequested and pinRequested.
    void setMaximised(bool maximised);
    void setPinned(bool pinned);

    /// Copies PNG, SVG and TSV at once: the document that is pasted into takes what it likes best.
    void copyToClipboard() const;
    /// Options for an export that looks like the card, at a size worth printing.
    [[nodiscard]] PictureOptions pictureOptions() const;
    [[nodiscard]] QMenu* menu() const { return m_menu; }

signals:
    void exportRequested(atlas::widgets::ChartFormat format);
    void maximiseRequested(bool maximise);
    void pinRequested(bool pin);
    void seekRequested(double timeS);

protected:
    void contextMenuEvent(QContextMenuEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;

private:
    void buildMenu();
    void dressIcons();

    QString m_name;
    std::unique_ptr<Theme> m_theme;
    PlotView* m_view;
    QMenu* m_menu;
    CardHead* m_head;
    QAction* m_copy;
    QAction* m_maximise;
    QAction* m_pin;
};

} // namespace atlas::widgets
