// What is wrong with a scenario file: place, message, remedy. A banner, not a dialog: what was open stays
// open.
#pragma once

#include "model/core/result.h"
#include "widgets/themed_label.h"

#include <QWidget>

class QTableWidget;
class QToolButton;

namespace atlas::widgets {

class DiagnosticsView : public QWidget {
    Q_OBJECT
public:
    explicit DiagnosticsView(QWidget* parent = nullptr);

    /// Shows the findings of a file; hides itself where there are none.
    void setDiagnostics(const QString& file, const Diagnostics& diagnostics);
    [[nodiscard]] const Diagnostics& diagnostics() const { return m_diagnostics; }
    void setTheme(const Theme& theme);
    void copyToClipboard() const;

signals:
    void dismissed();
    void placeActivated(const QString& file, int line, int column);

private:
    void fill();

    QString m_file;
    Diagnostics m_diagnostics;
    std::unique_ptr<Theme> m_theme;
    ThemedLabel* m_title;
    QTableWidget* m_table;
    QToolButton* m_copy;
    QToolButton* m_close;
};

} // namespace atlas::widgets
