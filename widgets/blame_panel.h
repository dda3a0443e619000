// Who holds up the step of one side: the culprit, the chain of those who wait for it, and what that costs.
#pragma once

#include "model/operations/attribution.h"
#include "widgets/side.h"
#include "widgets/themed_label.h"

#include <QWidget>

#include <vector>

class QPushButton;
class QVBoxLayout;

namespace atlas::widgets {

struct BlameContent {
    struct Link {
        operations::Group group{}; ///< gives the mark
        QString who;               ///< "its tensor group"
        QString count;             ///< of GPUs
        QString from;              ///< "0.3 s into the step"
        bool reached = false;
        QString tip;
        bool operator==(const Link&) const = default;
    };
    struct Row {
        QString key;
        QString value;
        Ink ink = Ink::Text;
        QString tip;
        bool operator==(const Row&) const = default;
    };
    QString culprit; ///< "Rack 8-40-3, tray 1, GPU 4"; empty: nobody holds anybody up
    QString reason;  ///< why it is late, or why there is no step
    std::vector<Link> chain;
    std::vector<Row> rows;
    bool operator==(const BlameContent&) const = default;
};

class BlamePanel : public QWidget {
    Q_OBJECT
public:
    explicit BlamePanel(Side side, QWidget* parent = nullptr);

    void setContent(const BlameContent& content);
    [[nodiscard]] const BlameContent& content() const { return m_content; }
    void setTheme(const Theme& theme);

signals:
    void culpritRequested(); ///< shall be selected and shown

private:
    class Chain;
    struct Line {
        ThemedLabel* key;
        ThemedLabel* value;
    };
    void fillRows();
    void dress();

    Side m_side;
    BlameContent m_content;
    std::unique_ptr<Theme> m_theme;
    ThemedLabel* m_section;
    QPushButton* m_culprit;
    ThemedLabel* m_reason;
    Chain* m_chain;
    QVBoxLayout* m_rows;
    std::vector<Line> m_lines;
};

} // namespace atlas::widgets
