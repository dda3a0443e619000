// What is selected: what it is, what it does, whom it holds up, what that costs, and why.
#pragma once

#include "widgets/themed_label.h"

#include <QWidget>

#include <optional>
#include <vector>

class QFormLayout;
class QPushButton;
class QVBoxLayout;

namespace atlas::widgets {

struct InspectorContent {
    struct Row {
        QString key;
        QString value; ///< with its unit
        Ink ink = Ink::Text;
        QString tip;
    };
    /// Where a number comes from: the equation, what goes in, and who says so.
    struct Why {
        QString equation;
        struct Input {
            QString name;
            QString value;
            QString source;
        };
        std::vector<Input> inputs;
    };
    struct Action {
        QString id;
        QString label;
        QString tip; ///< what it does, or why it cannot be done now
        bool enabled = true;
        bool operator==(const Action&) const = default;
    };

    QString title;    ///< "Rack 3-17-2, tray 4, GPU 5"; empty: nothing is selected
    QString subtitle; ///< "A100 80 GB · 3.2× the time of its peers"
    Ink subtitleInk = Ink::Quiet;
    QString alert; ///< "holds up 164 992 GPUs"
    Ink alertInk = Ink::Warning;
    std::vector<Row> rows;
    QString caveat; ///< "‡ 550,000 GPUs is 239 times the largest validated run"; empty inside
    std::optional<Why> why;
    std::vector<Action> actions; ///< only what the program can do
};

class InspectorPanel : public QWidget {
    Q_OBJECT
public:
    explicit InspectorPanel(QWidget* parent = nullptr);

    void setContent(const InspectorContent& content);
    [[nodiscard]] const InspectorContent& content() const { return m_content; }
    void setTheme(const Theme& theme);
    [[nodiscard]] bool whyShown() const { return m_whyShown; }

signals:
    void actionRequested(const QString& id);
    void whyToggled(bool shown);

private:
    struct Line {
        ThemedLabel* key;
        ThemedLabel* value;
    };
    void fillRows();
    void fillWhy();
    void fillActions();
    void toggleWhy();
    void dress();

    InspectorContent m_content;
    std::unique_ptr<Theme> m_theme;
    bool m_whyShown = false;
    ThemedLabel* m_section;
    ThemedLabel* m_title;
    ThemedLabel* m_subtitle;
    ThemedLabel* m_alert;
    QFormLayout* m_rows;
    ThemedLabel* m_caveat;
    std::vector<Line> m_lines;
    QPushButton* m_whyButton;
    QWidget* m_whyBox;
    QVBoxLayout* m_whyLayout;
    QWidget* m_actionBox;
    std::vector<InspectorContent::Action> m_shownActions;
};

} // namespace atlas::widgets
