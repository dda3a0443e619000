// The bottom line: renderer and times on the left, seed and validity on the right.
#pragma once

#include "widgets/themed_label.h"

#include <QWidget>

namespace atlas::widgets {

struct StatusContent {
    QString renderer;     ///< "raster: software OpenGL (llvmpipe)"
    QString timing;       ///< "model 3.1 ms"
    QString detail;       ///< "1 px = 3 GPUs, coloured by mean; marks = worst"
    QString seed;         ///< "seed 7"
    QString caveat;       ///< "‡ 550,000 GPUs is 239 times the largest validated run"
    QString caveatDetail; ///< all there is to say about it, for the tooltip
};

class StatusStrip : public QWidget {
    Q_OBJECT
public:
    explicit StatusStrip(QWidget* parent = nullptr);

    void setContent(const StatusContent& content);
    /// The detail alone: it follows the cameras.
    void setDetail(const QString& detail);
    /// Something done, for some seconds: "wrote out/report.pdf".
    void showMessage(const QString& message, int forMs = 6000);
    void setTheme(const Theme& theme);

private:
    ThemedLabel* m_renderer;
    ThemedLabel* m_timing;
    ThemedLabel* m_detail;
    ThemedLabel* m_message;
    ThemedLabel* m_seed;
    ThemedLabel* m_caveat;
};

} // namespace atlas::widgets
