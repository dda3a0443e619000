// A line of text whose digits all take the same room, so that a running clock does not tremble.
#pragma once

#include "widgets/colours.h"

#include <QWidget>

namespace atlas::widgets {

class TabularLabel : public QWidget {
    Q_OBJECT
    Q_PROPERTY(QString text READ text WRITE setText)
public:
    explicit TabularLabel(QWidget* parent = nullptr);

    [[nodiscard]] QString text() const { return m_text; }
    void setText(const QString& text);
    void setColour(const QColor& colour);
    /// Keeps at least the room of this text, whatever is shown.
    void setTemplate(const QString& text);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    [[nodiscard]] double advance(const QString& text) const;

    QString m_text;
    QString m_template;
    QColor m_colour;
};

} // namespace atlas::widgets
