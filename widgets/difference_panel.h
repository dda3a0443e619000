// How B differs from A in figures: under a floor that is drawn as a difference, and in its place where there
// is nothing to subtract, with words that say why.
#pragma once

#include "scenes/scene.h"
#include "widgets/colours.h"

#include <QWidget>

#include <memory>
#include <vector>

namespace atlas::widgets {

class LegendBar;

struct DifferenceContent {
    struct Row {
        QString name; ///< "utilisation now"
        QString a;
        QString b;
        QString difference; ///< B minus A with its sign; empty: names, which cannot be subtracted
        bool operator==(const Row&) const = default;
    };
    bool map = false;      ///< the floor itself is drawn as a difference
    QString words;         ///< why it is not
    std::vector<Row> rows; ///< what matters most first
    bool operator==(const DifferenceContent&) const = default;
};

class DifferencePanel : public QWidget {
    Q_OBJECT
public:
    explicit DifferencePanel(QWidget* parent = nullptr);

    void setTheme(const Theme& theme);
    void setContent(const DifferenceContent& content);
    [[nodiscard]] const DifferenceContent& content() const { return m_content; }
    /// The scale of the floor above; shown with a map only.
    void setLegend(const scenes::Legend& legend);
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    /// With all of its rows. Given less height it leaves out the last ones.
    [[nodiscard]] int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void layOut();
    [[nodiscard]] int headHeight(int width) const; ///< of the words and the legend

    DifferenceContent m_content;
    LegendBar* m_legend;
    std::unique_ptr<Theme> m_theme;
};

} // namespace atlas::widgets
