// A row of choices and buttons that breaks where its card ends.
#pragma once

#include "widgets/colours.h"

#include <QWidget>

#include <utility>
#include <vector>

class QComboBox;
class QPushButton;

namespace atlas::widgets {

class FlowLayout;
class ThemedLabel;

class ChoiceRow : public QWidget {
    Q_OBJECT
public:
    explicit ChoiceRow(QWidget* parent = nullptr);

    using Items = std::vector<std::pair<QString, QString>>; ///< ids and words
    /// A list under a word: "Metric [tokens/s]". `name` is its object name.
    QComboBox* addChoice(const QString& name, const QString& word, const Items& items);
    QPushButton* addButton(const QString& name, const QString& words, const QString& tip);
    /// A field of its own under a word; the row takes it over.
    void addField(QWidget& field, const QString& word);
    /// Replaces the items; the chosen one stays where it is still there, else the first is.
    static void setItems(QComboBox& choice, const Items& items);
    /// Shows an item as chosen without telling.
    static void choose(QComboBox& choice, const QString& id);
    void setTheme(const Theme& theme);

signals:
    void chosen(const QString& choice, const QString& id); ///< by a person

private:
    FlowLayout* m_flow;
    std::vector<ThemedLabel*> m_labels;
};

} // namespace atlas::widgets
