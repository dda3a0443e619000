// A small card in a corner of a pane: how long pictures and the model take, and how long the window was deaf.
// It covers what lies under it, so that it can change without the scene being drawn again.
#pragma once

#include "scenes/theme.h"

#include <QWidget>

#include <vector>

namespace atlas::widgets {

struct PerformanceLine {
    QString name;
    QString value; ///< with its unit
    bool bad = false;
    bool operator==(const PerformanceLine&) const = default;
};

class PerformanceOverlay : public QWidget {
    Q_OBJECT
public:
    explicit PerformanceOverlay(QWidget* parent = nullptr);

    void setTheme(const scenes::Theme& theme);
    /// Nothing hides it.
    void setLines(const std::vector<PerformanceLine>& lines);
    [[nodiscard]] const std::vector<PerformanceLine>& lines() const { return m_lines; }
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    scenes::Theme m_theme;
    std::vector<PerformanceLine> m_lines;
};

} // namespace atlas::widgets
