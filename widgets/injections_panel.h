// What can be done to the selected part, and the list of what was done: each can be jumped to and taken back.
#pragma once

#include "widgets/themed_label.h"

#include <QWidget>

#include <optional>
#include <vector>

class QComboBox;
class QMenu;
class QVBoxLayout;

namespace atlas::widgets {

class ChoiceRow;

/// One thing that can be done to a part.
struct InjectionOffer {
    QString id;    ///< "slow-gpu"
    QString label; ///< "Slow GPU"
    QString tip;   ///< what it does
    bool operator==(const InjectionOffer&) const = default;
};

/// One thing that was done.
struct InjectionItem {
    QString what;  ///< "rack 1-203-7, tray 4, GPU 5 runs 30 % slower"
    QString when;  ///< "day 304, for 1 h"
    QString badge; ///< panes that show the cluster: "A", "B", "AB"; empty: neither
    bool now = false;
    std::optional<double> share; ///< what it takes away; nothing where that says nothing
    double lastsS = 0;
    bool operator==(const InjectionItem&) const = default;
};

class InjectionsPanel : public QWidget {
    Q_OBJECT
public:
    explicit InjectionsPanel(QWidget* parent = nullptr);

    /// The part that the buttons are for: "Rack 1-203-7"; without offers the panel says that nothing can be
    /// done.
    void setTarget(const QString& part, const std::vector<InjectionOffer>& offers);
    void setItems(const std::vector<InjectionItem>& items);
    [[nodiscard]] const std::vector<InjectionOffer>& offers() const { return m_offers; }
    [[nodiscard]] const std::vector<InjectionItem>& items() const { return m_items; }
    /// What the next injection takes away, and for how long.
    [[nodiscard]] double share() const;
    [[nodiscard]] double lastsS() const;
    void setTheme(const Theme& theme);

signals:
    void injectRequested(const QString& id);
    void removeRequested(int item);
    /// Another strength or duration, chosen from the menu of the row.
    void changeRequested(int item, double share, double lastsS);
    void jumpRequested(int item);

private:
    void fillOffers();
    void fillItems();
    void fillMenu(QMenu& menu, int item);
    void dress(QWidget& inside);

    std::unique_ptr<Theme> m_theme;
    std::vector<InjectionOffer> m_offers;
    std::vector<InjectionItem> m_items;
    ThemedLabel* m_section;
    ThemedLabel* m_part;
    ChoiceRow* m_strength;
    QComboBox* m_share;
    QComboBox* m_lasts;
    QWidget* m_offerBox;
    ThemedLabel* m_listSection;
    QVBoxLayout* m_list;
};

} // namespace atlas::widgets
